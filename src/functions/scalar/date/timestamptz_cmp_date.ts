/**
 * Order of two dates or times: -1, 0, 1.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'timestamptz_cmp_date',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Order of two dates or times: -1, 0, 1.',
  signatures: [{ args: ['timestamptz', 'date'], returns: INT4, kernel: 'timestamptz_cmp_date' }],
  examples: [
    ["timestamptz_cmp_date('2008-01-03', '2008-01-04')", '-1'],
    ["timestamptz_cmp_date('2008-01-04', '2008-01-04')", '0'],
  ],
  mayFail: true,
});
