/**
 * date + integer.
 */
import { DATE } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'date_add_days',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'date + integer.',
  label: '?column?',
  signatures: [{ args: ['date', 'int4'], returns: DATE, kernel: 'date_add_days' }],
  examples: [
    ["date '2008-01-01' + 31", '2008-02-01'],
    ["date '2008-01-01' - 1", '2007-12-31'],
  ],
  mayFail: true,
});
