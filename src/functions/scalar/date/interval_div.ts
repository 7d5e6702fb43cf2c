/**
 * An interval divided by a number.
 */
import { DAY_TO_SECOND, INTERVAL, YEAR_TO_MONTH } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'interval_div',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'An interval divided by a number.',
  label: '?column?',
  signatures: [
    { args: ['interval', 'int8'], returns: INTERVAL, kernel: 'interval_div_int8' },
    { args: ['interval', 'float8'], returns: INTERVAL, kernel: 'interval_div' },
    { args: ['intervaly2m', 'int8'], returns: YEAR_TO_MONTH, kernel: 'intervaly2m_div_int8' },
    { args: ['intervaly2m', 'float8'], returns: YEAR_TO_MONTH, kernel: 'intervaly2m_div' },
    { args: ['intervald2s', 'int8'], returns: DAY_TO_SECOND, kernel: 'intervald2s_div_int8' },
    { args: ['intervald2s', 'float8'], returns: DAY_TO_SECOND, kernel: 'intervald2s_div' },
  ],
  examples: [
    ["interval '1 day' / 2", '12:00:00'],
    ["interval '1 month' / 2.0", '15 days'],
  ],
  mayFail: true,
});
