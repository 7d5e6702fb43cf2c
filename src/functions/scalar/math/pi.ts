/**
 * The constant pi.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'pi',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The constant pi.',
  signatures: [{ args: [], returns: FLOAT8, kernel: 'math_pi' }],
  examples: [
    ['pi()', '3.14159265358979'],
    ['round(pi())', '3'],
  ],
});
