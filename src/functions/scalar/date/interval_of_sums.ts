/**
 * The interval of summed months, days and microseconds.
 */
import { INTERVAL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'interval_of_sums',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The interval of summed months, days and microseconds.',
  label: 'interval_of_sums',
  signatures: [{ args: ['numeric', 'numeric', 'numeric'], returns: INTERVAL, kernel: 'interval_of_sums' }],
  examples: [
    [
      'interval_of_sums(14::numeric(38,0), 3::numeric(38,0), 1000000::numeric(38,0))',
      '1 year 2 mons 3 days 00:00:01',
    ],
    ['interval_of_sums(0::numeric(38,0), 0::numeric(38,0), 0::numeric(38,0))', '00:00:00'],
  ],
  mayFail: true,
});
