/**
 * Cotangent.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'cot',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Cotangent.',
  signatures: [{ args: ['float8'], returns: FLOAT8, kernel: 'math_cot' }],
  examples: [
    ['cot(1)', '0.642092615934331'],
    ['cot(0)', 'ERROR: division by zero'],
  ],
  mayFail: true,
});
