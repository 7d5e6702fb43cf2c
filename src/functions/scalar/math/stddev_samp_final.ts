/**
 * stddev_samp from count, sum and sum of squares (inside stddev_samp).
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'stddev_samp_final',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'stddev_samp from count, sum and sum of squares (inside stddev_samp).',
  signatures: [{ args: ['int8', 'float8', 'float8'], returns: FLOAT8, kernel: 'stddev_samp_final' }],
  examples: [
    ['stddev_samp_final(2, 3, 5)', '0.707106781186548'],
    ['stddev_samp_final(0, 0, 0)', 'NULL'],
  ],
  mayReturnNull: true,
});
