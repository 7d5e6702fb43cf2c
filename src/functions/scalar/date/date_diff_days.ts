/**
 * date - date.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'date_diff_days',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'date - date.',
  label: '?column?',
  signatures: [{ args: ['date', 'date'], returns: INT4, kernel: 'date_diff_days' }],
  examples: [
    ["date '2008-02-01' - date '2008-01-01'", '31'],
    ["date '2008-01-01' - date '2008-01-01'", '0'],
  ],
});
