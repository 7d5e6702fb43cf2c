/**
 * An interval divided by a number.
 */
import { INTERVAL } from '../../../types/sql-type.ts';
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
  ],
  examples: [
    ["interval '1 day' / 2", '12:00:00'],
    ["interval '1 month' / 2.0", '15 days'],
  ],
  mayFail: true,
});
