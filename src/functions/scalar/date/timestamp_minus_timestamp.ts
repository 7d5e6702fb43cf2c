/**
 * timestamp - timestamp as an interval of days and time.
 */
import { DAY_TO_SECOND } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'timestamp_minus_timestamp',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'timestamp - timestamp as an interval of days and time.',
  label: '?column?',
  signatures: [
    { args: ['timestamp', 'timestamp'], returns: DAY_TO_SECOND, kernel: 'timestamp_minus_timestamp' },
    { args: ['timestamptz', 'timestamptz'], returns: DAY_TO_SECOND, kernel: 'timestamp_minus_timestamp' },
  ],
  examples: [
    ["timestamp '2008-01-02' - timestamp '2008-01-01'", '1 day'],
    ["timestamp '2008-01-01 10:00' - timestamp '2008-01-01'", '10:00:00'],
  ],
});
