/**
 * Base 10 logarithm, or the logarithm to a base.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'log',
  aliases: ['dlog10'],
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Base 10 logarithm, or the logarithm to a base.',
  label: 'dlog10',
  signatures: [
    { args: ['float8'], returns: FLOAT8, kernel: 'math_log10' },
    { args: ['float8', 'float8'], returns: FLOAT8, kernel: 'math_log_base' },
  ],
  examples: [
    ['log(100)', '2'],
    ['log(2, 100)', '6.64385618977472'],
  ],
  mayFail: true,
});
