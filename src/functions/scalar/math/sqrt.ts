/**
 * Square root.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'sqrt',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Square root.',
  signatures: [{ args: ['float8'], returns: FLOAT8, kernel: 'math_sqrt' }],
  examples: [
    ['sqrt(25)', '5'],
    ['sqrt(-1)', 'ERROR: cannot take square root of a negative number'],
  ],
  mayFail: true,
});
