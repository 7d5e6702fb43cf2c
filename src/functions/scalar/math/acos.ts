/**
 * Arc cosine.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'acos',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Arc cosine.',
  signatures: [{ args: ['float8'], returns: FLOAT8, kernel: 'math_acos' }],
  examples: [
    ['acos(1)', '0'],
    ['acos(-1)', '3.14159265358979'],
  ],
  mayFail: true,
});
