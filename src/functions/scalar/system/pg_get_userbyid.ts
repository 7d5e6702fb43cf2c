/**
 * Name of a user by oid.
 */
import { NAME } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'pg_get_userbyid',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Name of a user by oid.',
  signatures: [
    { args: ['oid'], returns: NAME },
    { args: ['int4'], returns: NAME },
  ],
  examples: [
    ['pg_get_userbyid(1) is null', 'f'],
    ['pg_get_userbyid(99)', 'unknown (OID=99)'],
  ],
  host: (context, args) =>
    leaderOf(context).catalog.userByOid(Number(args[0]))?.name ?? `unknown (OID=${String(args[0])})`,
});
