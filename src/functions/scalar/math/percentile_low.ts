/**
 * The row before which a percentile of so many rows lies.
 */
import { INT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'percentile_low',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The row before which a percentile of so many rows lies.',
  signatures: [{ args: ['int8', 'int8'], returns: INT8, kernel: 'percentile_low' }],
  examples: [
    ['percentile_low(250000000, 4)', '1'],
    ['percentile_low(1500000000, 4)', 'ERROR: a percentile must be between 0 and 1'],
  ],
  mayFail: true,
});
