/**
 * Whether a user belongs to a group. There are no roles here.
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
  doc: 'Whether a user belongs to a role or group.',
  signatures: [{ args: ['string', 'string'], returns: BOOL }],
  examples: [
    ["user_is_member_of(current_user::varchar, 'no such group')", 'f'],
    ["user_is_member_of('no such user', 'g')", 'ERROR: user "no such user" does not exist'],
  ],
  host: (context, args) => {
    const { catalog } = leaderOf(context);
    const [name, group] = args.map((a) => String(a).trim().toLowerCase());
    const user = catalog.user(name!);
    if (user === undefined) throw undefinedUser(name!);
    return catalog.groups().some((g) => g.name === group && g.users.includes(user.oid)) ? 1 : 0;
  },
});
