/**
 * The microseconds of an interval, for sums.
 */
import { INT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'interval_micros',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The microseconds of an interval, for sums.',
  label: 'interval_micros',
  signatures: [{ args: ['interval'], returns: INT8, kernel: 'interval_micros' }],
  examples: [
    ["interval_micros(interval '1 year 2 months 3 days 04:05:06')", '14706000000'],
    ["interval_micros(interval '0 days')", '0'],
  ],
});
