/**
 * Whether a user may execute a function; every built-in may be executed.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { checkPrivilege } from '../../privilege-check.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'has_function_privilege',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Whether a user may execute a function; every built-in may be executed.',
  signatures: [
    { args: ['oid', 'string'], returns: BOOL },
    { args: ['string', 'string'], returns: BOOL },
    { args: ['string', 'oid', 'string'], returns: BOOL },
    { args: ['string', 'string', 'string'], returns: BOOL },
    { args: ['oid', 'oid', 'string'], returns: BOOL },
    { args: ['oid', 'string', 'string'], returns: BOOL },
  ],
  examples: [
    ["has_function_privilege('lower(varchar)', 'execute')", 't'],
    ["has_function_privilege('no_such(int)', 'execute')", 'ERROR: does not exist'],
  ],
  host: (context, args) => checkPrivilege(leaderOf(context), 'function', args),
});
