/**
 * Whether a user has a privilege on a schema.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { checkPrivilege } from '../../privilege-check.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'has_schema_privilege',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Whether a user has a privilege on a schema.',
  signatures: [
    { args: ['oid', 'string'], returns: BOOL },
    { args: ['string', 'string'], returns: BOOL },
    { args: ['string', 'oid', 'string'], returns: BOOL },
    { args: ['string', 'string', 'string'], returns: BOOL },
    { args: ['oid', 'oid', 'string'], returns: BOOL },
    { args: ['oid', 'string', 'string'], returns: BOOL },
  ],
  examples: [
    ["has_schema_privilege('public', 'usage')", 't'],
    ["has_schema_privilege('no such', 'create')", 'ERROR: does not exist'],
  ],
  host: (context, args) => checkPrivilege(leaderOf(context), 'schema', args),
});
