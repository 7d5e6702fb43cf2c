/**
 * Tangent.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'tan',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Tangent.',
  signatures: [{ args: ['float8'], returns: FLOAT8, kernel: 'math_tan' }],
  examples: [
    ['tan(0)', '0'],
    ['tan(pi() / 4)', '1'],
  ],
  mayFail: true,
});
