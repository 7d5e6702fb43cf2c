/**
 * stddev_samp from the state of its values and their scale (inside stddev_samp).
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'stddev_samp_final',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'stddev_samp from the state of its values and their scale (inside stddev_samp).',
  signatures: [{ args: ['varchar', 'int4'], returns: FLOAT8, kernel: 'stddev_samp_final' }],
  examples: [
    ['stddev_samp(1)', 'NULL'],
    ['stddev_samp(null::int)', 'NULL'],
  ],
  mayFail: true,
  mayReturnNull: true,
});
