/**
 * A date or time minus an interval.
 */
import { DATE, TIME, TIMESTAMP, TIMESTAMPTZ, TIMETZ } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'datetime_minus_interval',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A date or time minus an interval.',
  label: '?column?',
  signatures: [
    { args: ['timestamp', 'interval'], returns: TIMESTAMP, kernel: 'timestamp_minus_interval' },
    { args: ['date', 'interval'], returns: TIMESTAMP, kernel: 'date_minus_interval' },
    { args: ['timestamptz', 'interval'], returns: TIMESTAMPTZ, kernel: 'timestamptz_minus_interval' },
    { args: ['time', 'interval'], returns: TIME, kernel: 'time_minus_interval' },
    { args: ['timetz', 'interval'], returns: TIMETZ, kernel: 'time_minus_interval' },
    { args: ['date', 'intervaly2m'], returns: DATE, kernel: 'date_minus_intervaly2m' },
  ],
  examples: [
    ["date '2023-03-31' - interval '4 months'", '2022-11-30 00:00:00'],
    ["time '10:00' - interval '90 minutes'", '08:30:00'],
  ],
  mayFail: true,
});
