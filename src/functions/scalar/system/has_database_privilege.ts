/**
 * Whether a user has a privilege on a database.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { checkPrivilege } from '../../privilege-check.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'has_database_privilege',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Whether a user has a privilege on a database.',
  signatures: [
    { args: ['oid', 'string'], returns: BOOL },
    { args: ['string', 'string'], returns: BOOL },
    { args: ['string', 'oid', 'string'], returns: BOOL },
    { args: ['string', 'string', 'string'], returns: BOOL },
    { args: ['oid', 'oid', 'string'], returns: BOOL },
    { args: ['oid', 'string', 'string'], returns: BOOL },
  ],
  examples: [
    ["has_database_privilege('dev', 'create')", 't'],
    ["has_database_privilege('no such', 'create')", 'ERROR: does not exist'],
  ],
  host: (context, args) => checkPrivilege(leaderOf(context), 'database', args),
});
