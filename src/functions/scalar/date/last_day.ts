/**
 * The last day of the month.
 */
import { DATE } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'last_day',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The last day of the month.',
  signatures: [
    { args: ['date'], returns: DATE, kernel: 'last_day' },
    { args: ['timestamp'], returns: DATE, kernel: 'last_day_timestamp' },
  ],
  examples: [
    ["last_day(date '2014-01-15')", '2014-01-31'],
    ["last_day(date '2016-02-01')", '2016-02-29'],
  ],
});
