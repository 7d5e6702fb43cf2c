/**
 * Degrees to radians.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'radians',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Degrees to radians.',
  signatures: [{ args: ['float8'], returns: FLOAT8, kernel: 'math_radians' }],
  examples: [
    ['radians(180)', '3.14159265358979'],
    ['radians(0)', '0'],
  ],
});
