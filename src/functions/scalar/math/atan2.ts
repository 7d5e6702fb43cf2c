/**
 * Arc tangent of y / x.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'atan2',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Arc tangent of y / x.',
  signatures: [{ args: ['float8', 'float8'], returns: FLOAT8, kernel: 'math_atan2' }],
  examples: [
    ['atan2(1, 0)', '1.5707963267949'],
    ['atan2(0, 1)', '0'],
  ],
});
