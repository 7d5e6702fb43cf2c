/**
 * Whether a user may run a function; every built-in may be run.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'has_function_privilege',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Whether a user may run a function; every built-in may be run.',
  signatures: [
    { args: ['oid', 'string'], returns: BOOL },
    { args: ['string', 'string'], returns: BOOL },
    { args: ['string', 'oid', 'string'], returns: BOOL },
    { args: ['string', 'string', 'string'], returns: BOOL },
  ],
  examples: [
    ["has_function_privilege(0, 'execute')", 't'],
    ["has_function_privilege('abs(int)', 'execute')", 't'],
  ],
  host: (_, args) => args[0] !== null,
});
