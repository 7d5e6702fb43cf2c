/**
 * A date or time with a number of date parts added.
 */
import { TIME, TIMESTAMP, TIMESTAMPTZ, TIMETZ } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'dateadd',
  aliases: ['date_add'],
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A date or time with a number of date parts added.',
  label: 'date_add',
  signatures: [
    { args: ['text', 'int8', 'timestamp'], returns: TIMESTAMP, kernel: 'dateadd_timestamp' },
    { args: ['text', 'int8', 'date'], returns: TIMESTAMP, kernel: 'dateadd_date' },
    { args: ['text', 'int8', 'timestamptz'], returns: TIMESTAMPTZ, kernel: 'dateadd_timestamptz' },
    { args: ['text', 'int8', 'time'], returns: TIME, kernel: 'dateadd_time' },
    { args: ['text', 'int8', 'timetz'], returns: TIMETZ, kernel: 'dateadd_time' },
  ],
  examples: [
    ["dateadd(month, 18, '2008-02-28')", '2009-08-28 00:00:00'],
    ["dateadd(year, 1, '2016-02-29')", '2017-03-01 00:00:00'],
    ["dateadd(hour, 12, time '13:24:55')", '01:24:55'],
  ],
  mayFail: true,
});
