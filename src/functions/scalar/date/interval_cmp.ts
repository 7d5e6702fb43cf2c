/**
 * Order of two intervals with months of 30 days: -1, 0, 1.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'interval_cmp',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Order of two intervals with months of 30 days: -1, 0, 1.',
  signatures: [{ args: ['interval', 'interval'], returns: INT4, kernel: 'interval_cmp' }],
  examples: [
    ["interval_cmp('3 days', '1 year')", '-1'],
    ["interval_cmp('1 day', '24 hours')", '0'],
  ],
});
