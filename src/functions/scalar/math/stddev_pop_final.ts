/**
 * stddev_pop from the state of its values and their scale (inside stddev_pop).
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'stddev_pop_final',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'stddev_pop from the state of its values and their scale (inside stddev_pop).',
  signatures: [{ args: ['varchar', 'int4'], returns: FLOAT8, kernel: 'stddev_pop_final' }],
  examples: [
    ['stddev_pop(1)', '0'],
    ['stddev_pop(null::int)', 'NULL'],
  ],
  mayFail: true,
  mayReturnNull: true,
});
