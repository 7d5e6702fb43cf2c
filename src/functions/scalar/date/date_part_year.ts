/**
 * The year of a date.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'date_part_year',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The year of a date.',
  signatures: [{ args: ['date'], returns: INT4, kernel: 'date_part_year' }],
  examples: [
    ["date_part_year(date '2022-05-02')", '2022'],
    ["date_part_year(date '1999-12-31')", '1999'],
  ],
});
