/**
 * The next such weekday after a date.
 */
import { DATE } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'next_day',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The next such weekday after a date.',
  signatures: [
    { args: ['date', 'text'], returns: DATE, kernel: 'next_day' },
    { args: ['timestamp', 'text'], returns: DATE, kernel: 'next_day_timestamp' },
  ],
  examples: [
    ["next_day('2014-08-20', 'Tuesday')", '2014-08-26'],
    ["next_day(date '2008-07-03', 'Monday')", '2008-07-07'],
  ],
  mayFail: true,
});
