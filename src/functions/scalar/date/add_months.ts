/**
 * Months added to a date; the last day of a month stays the last.
 */
import { TIMESTAMP } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'add_months',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Months added to a date; the last day of a month stays the last.',
  signatures: [
    { args: ['timestamp', 'int8'], returns: TIMESTAMP, kernel: 'add_months' },
    { args: ['date', 'int8'], returns: TIMESTAMP, kernel: 'add_months_date' },
  ],
  examples: [
    ["add_months(date '2008-04-30', 1)", '2008-05-31 00:00:00'],
    ["add_months(timestamp '2008-01-02 03:00:00', 12)", '2009-01-02 03:00:00'],
  ],
  mayFail: true,
});
