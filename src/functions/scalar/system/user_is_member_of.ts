/**
 * Whether a user has a role, directly or through others, or belongs to a group.
 */
import { undefinedUser } from '../../../common/errors/catalogue.ts';
import { BOOL } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'user_is_member_of',
  runsOn: 'leader',
  besideTables: true,
  volatility: 'stable',
  doc: 'Whether a user has a role, directly or through others, or belongs to a group.',
  signatures: [{ args: ['string', 'string'], returns: BOOL }],
  examples: [
    ["user_is_member_of(current_user::varchar, 'no such group')", 'f'],
    ["user_is_member_of('no such user', 'g')", 'ERROR: user "no such user" does not exist'],
  ],
  host: (context, args) => {
    const { rights } = leaderOf(context);
    const [name = '', of = ''] = args.map((a) => String(a).trim().toLowerCase());
    const found = rights.isMember('user', name, of);
    if (found === undefined) throw undefinedUser(name);
    return found ? 1 : 0;
  },
});
