/**
 * Months from the second date to the first.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'months_between',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Months from the second date to the first.',
  signatures: [
    { args: ['timestamp', 'timestamp'], returns: FLOAT8, kernel: 'months_between' },
    { args: ['date', 'date'], returns: FLOAT8, kernel: 'months_between_date' },
  ],
  examples: [
    ["months_between('1969-01-18', '1969-03-18')", '-2'],
    ["months_between('2008-01-15', '2008-01-15')", '0'],
  ],
});
