/**
 * The months of an interval, for sums.
 */
import { INT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'interval_months',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The months of an interval, for sums.',
  label: 'interval_months',
  signatures: [{ args: ['interval'], returns: INT8, kernel: 'interval_months' }],
  examples: [
    ["interval_months(interval '1 year 2 months 3 days 04:05:06')", '14'],
    ["interval_months(interval '0 days')", '0'],
  ],
});
