/**
 * A date or time plus an interval.
 */
import { DATE, TIME, TIMESTAMP, TIMESTAMPTZ, TIMETZ } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'datetime_plus_interval',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A date or time plus an interval.',
  label: '?column?',
  signatures: [
    { args: ['timestamp', 'interval'], returns: TIMESTAMP, kernel: 'timestamp_plus_interval' },
    { args: ['date', 'interval'], returns: TIMESTAMP, kernel: 'date_plus_interval' },
    { args: ['timestamptz', 'interval'], returns: TIMESTAMPTZ, kernel: 'timestamptz_plus_interval' },
    { args: ['time', 'interval'], returns: TIME, kernel: 'time_plus_interval' },
    { args: ['timetz', 'interval'], returns: TIMETZ, kernel: 'time_plus_interval' },
    { args: ['date', 'intervaly2m'], returns: DATE, kernel: 'date_plus_intervaly2m' },
  ],
  examples: [
    ["date '2008-12-31' + interval '1 second'", '2008-12-31 00:00:01'],
    ["date '2023-03-31' - interval '4 months'", '2022-11-30 00:00:00'],
  ],
  mayFail: true,
});
