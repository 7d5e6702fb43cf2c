/**
 * Arc tangent.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'atan',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Arc tangent.',
  signatures: [{ args: ['float8'], returns: FLOAT8, kernel: 'math_atan' }],
  examples: [
    ['atan(0)', '0'],
    ['atan(1)', '0.785398163397448'],
  ],
});
