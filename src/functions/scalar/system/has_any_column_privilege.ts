/**
 * Whether a user has a privilege on some column of a table.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { checkPrivilege } from '../../privilege-check.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'has_any_column_privilege',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Whether a user has a privilege on some column of a table.',
  signatures: [
    { args: ['oid', 'string'], returns: BOOL },
    { args: ['string', 'string'], returns: BOOL },
    { args: ['string', 'oid', 'string'], returns: BOOL },
    { args: ['string', 'string', 'string'], returns: BOOL },
    { args: ['oid', 'oid', 'string'], returns: BOOL },
    { args: ['oid', 'string', 'string'], returns: BOOL },
  ],
  examples: [
    ["has_any_column_privilege('pg_class', 'select')", 't'],
    ["has_any_column_privilege('no such', 'select')", 'ERROR: does not exist'],
  ],
  host: (context, args) => checkPrivilege(leaderOf(context), 'any column', args),
});
