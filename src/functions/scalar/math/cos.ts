/**
 * Cosine.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'cos',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Cosine.',
  signatures: [{ args: ['float8'], returns: FLOAT8, kernel: 'math_cos' }],
  examples: [
    ['cos(0)', '1'],
    ['cos(pi())', '-1'],
  ],
  mayFail: true,
});
