/**
 * Whether a user has a privilege on a column of a table.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { checkPrivilege } from '../../privilege-check.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'has_column_privilege',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Whether a user has a privilege on a column of a table.',
  signatures: [
    { args: ['string', 'string', 'string'], returns: BOOL },
    { args: ['string', 'int2', 'string'], returns: BOOL },
    { args: ['oid', 'string', 'string'], returns: BOOL },
    { args: ['oid', 'int2', 'string'], returns: BOOL },
    { args: ['string', 'string', 'string', 'string'], returns: BOOL },
    { args: ['string', 'string', 'int2', 'string'], returns: BOOL },
    { args: ['string', 'oid', 'string', 'string'], returns: BOOL },
    { args: ['string', 'oid', 'int2', 'string'], returns: BOOL },
    { args: ['oid', 'string', 'string', 'string'], returns: BOOL },
    { args: ['oid', 'string', 'int2', 'string'], returns: BOOL },
    { args: ['oid', 'oid', 'string', 'string'], returns: BOOL },
    { args: ['oid', 'oid', 'int2', 'string'], returns: BOOL },
  ],
  examples: [
    ["has_column_privilege('pg_class', 'relname', 'select')", 't'],
    ["has_column_privilege('no such', 'a', 'select')", 'ERROR: does not exist'],
  ],
  host: (context, args) => checkPrivilege(leaderOf(context), 'column', args),
});
