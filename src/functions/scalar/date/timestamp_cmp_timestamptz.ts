/**
 * Order of two dates or times: -1, 0, 1.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'timestamp_cmp_timestamptz',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Order of two dates or times: -1, 0, 1.',
  signatures: [{ args: ['timestamp', 'timestamptz'], returns: INT4, kernel: 'timestamp_cmp_timestamptz' }],
  examples: [
    ["timestamp_cmp_timestamptz('2008-01-03', '2008-01-04')", '-1'],
    ["timestamp_cmp_timestamptz('2008-01-04', '2008-01-04')", '0'],
  ],
  mayFail: true,
});
