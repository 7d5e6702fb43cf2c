/**
 * stddev_pop from count, sum and sum of squares (inside stddev_pop).
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'stddev_pop_final',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'stddev_pop from count, sum and sum of squares (inside stddev_pop).',
  signatures: [{ args: ['int8', 'float8', 'float8'], returns: FLOAT8, kernel: 'stddev_pop_final' }],
  examples: [
    ['stddev_pop_final(2, 3, 5)', '0.5'],
    ['stddev_pop_final(0, 0, 0)', 'NULL'],
  ],
  mayReturnNull: true,
});
