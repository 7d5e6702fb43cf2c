/**
 * An interval times a number; exact for integers and decimals.
 */
import { DAY_TO_SECOND, INTERVAL, YEAR_TO_MONTH } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'interval_mul',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'An interval times a number; exact for integers and decimals.',
  label: '?column?',
  signatures: [
    { args: ['interval', 'int8'], returns: INTERVAL, kernel: 'interval_mul_int8' },
    { args: ['interval', 'numeric'], returns: INTERVAL, kernel: 'interval_mul_numeric' },
    { args: ['interval', 'float8'], returns: INTERVAL, kernel: 'interval_mul' },
    { args: ['intervaly2m', 'int8'], returns: YEAR_TO_MONTH, kernel: 'intervaly2m_mul_int8' },
    { args: ['intervaly2m', 'numeric'], returns: YEAR_TO_MONTH, kernel: 'intervaly2m_mul_numeric' },
    { args: ['intervaly2m', 'float8'], returns: YEAR_TO_MONTH, kernel: 'intervaly2m_mul' },
    { args: ['intervald2s', 'int8'], returns: DAY_TO_SECOND, kernel: 'intervald2s_mul_int8' },
    { args: ['intervald2s', 'numeric'], returns: DAY_TO_SECOND, kernel: 'intervald2s_mul_numeric' },
    { args: ['intervald2s', 'float8'], returns: DAY_TO_SECOND, kernel: 'intervald2s_mul' },
  ],
  examples: [
    ["1000 * interval '5 hours'", '5000:00:00'],
    ["interval '1 month' * 1.5", '1 mon 15 days'],
  ],
  mayFail: true,
});
