/**
 * Radians to degrees.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'degrees',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Radians to degrees.',
  signatures: [{ args: ['float8'], returns: FLOAT8, kernel: 'math_degrees' }],
  examples: [
    ['degrees(pi())', '180'],
    ['degrees(0)', '0'],
  ],
});
