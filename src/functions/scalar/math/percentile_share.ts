/**
 * How far from the row before it a percentile of so many rows lies.
 */
import { INT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'percentile_share',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'How far from the row before it a percentile of so many rows lies.',
  signatures: [{ args: ['int8', 'int8'], returns: INT8, kernel: 'percentile_share' }],
  examples: [
    ['percentile_share(250000000, 4)', '750000000'],
    ['percentile_share(1500000000, 4)', 'ERROR: a percentile must be between 0 and 1'],
  ],
  mayFail: true,
});
