/**
 * The sum of two intervals, field by field.
 */
import { DAY_TO_SECOND, INTERVAL, YEAR_TO_MONTH } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'interval_add',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The sum of two intervals, field by field.',
  label: '?column?',
  signatures: [
    { args: ['interval', 'interval'], returns: INTERVAL, kernel: 'interval_add' },
    { args: ['intervaly2m', 'intervaly2m'], returns: YEAR_TO_MONTH, kernel: 'intervaly2m_add' },
    { args: ['intervald2s', 'intervald2s'], returns: DAY_TO_SECOND, kernel: 'intervald2s_add' },
  ],
  examples: [
    ["interval '1 day' + interval '2 hours'", '1 day 02:00:00'],
    ["interval '1 month' + interval '0 days'", '1 mon'],
  ],
  mayFail: true,
});
