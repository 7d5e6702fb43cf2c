/**
 * Arc sine.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'asin',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Arc sine.',
  signatures: [{ args: ['float8'], returns: FLOAT8, kernel: 'math_asin' }],
  examples: [
    ['asin(0)', '0'],
    ['asin(2)', 'ERROR: input is out of range'],
  ],
  mayFail: true,
});
