/**
 * var_samp from count, sum and sum of squares (inside var_samp).
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'var_samp_final',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'var_samp from count, sum and sum of squares (inside var_samp).',
  signatures: [{ args: ['int8', 'float8', 'float8'], returns: FLOAT8, kernel: 'var_samp_final' }],
  examples: [
    ['var_samp_final(2, 3, 5)', '0.5'],
    ['var_samp_final(0, 0, 0)', 'NULL'],
  ],
  mayReturnNull: true,
});
