/**
 * The days of an interval, for sums.
 */
import { INT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'interval_days',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The days of an interval, for sums.',
  label: 'interval_days',
  signatures: [{ args: ['interval'], returns: INT8, kernel: 'interval_days' }],
  examples: [
    ["interval_days(interval '1 year 2 months 3 days 04:05:06')", '3'],
    ["interval_days(interval '0 days')", '0'],
  ],
});
