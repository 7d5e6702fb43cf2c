/**
 * Whether a role has a role, directly or through others.
 */
import { undefinedRole } from '../../../common/errors/privilege-errors.ts';
import { BOOL } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'role_is_member_of',
  runsOn: 'leader',
  besideTables: true,
  volatility: 'stable',
  doc: 'Whether a role has a role, directly or through others.',
  signatures: [{ args: ['string', 'string'], returns: BOOL }],
  examples: [
    ["role_is_member_of('sys:dba', 'sys:operator')", 't'],
    ["role_is_member_of('no such role', 'g')", 'ERROR: role "no such role" does not exist'],
  ],
  host: (context, args) => {
    const { rights } = leaderOf(context);
    const [name = '', of = ''] = args.map((a) => String(a).trim().toLowerCase());
    const found = rights.isMember('role', name, of);
    if (found === undefined) throw undefinedRole(name);
    return found ? 1 : 0;
  },
});
