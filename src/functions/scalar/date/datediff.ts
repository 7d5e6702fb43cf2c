/**
 * Number of date part boundaries between two dates or times.
 */
import { INT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

/** Timestamps with and without a zone. */
const isMixed = (a: string | undefined, b: string | undefined): boolean => a === 'timestamp' && b === 'timestamptz';

export default scalar({
  name: 'datediff',
  aliases: ['date_diff'],
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Number of date part boundaries between two dates or times.',
  label: 'date_diff',
  signatures: [
    { args: ['text', 'timestamp', 'timestamp'], returns: INT8, kernel: 'datediff_timestamp' },
    { args: ['text', 'date', 'date'], returns: INT8, kernel: 'datediff_date' },
    { args: ['text', 'timestamptz', 'timestamptz'], returns: INT8, kernel: 'datediff_timestamptz' },
    { args: ['text', 'time', 'time'], returns: INT8, kernel: 'datediff_time' },
    { args: ['text', 'timetz', 'timetz'], returns: INT8, kernel: 'datediff_time' },
  ],
  refuses: ([, from, to]) => isMixed(from?.name, to?.name) || isMixed(to?.name, from?.name),
  examples: [
    ["datediff(week, '2009-01-01', '2009-12-31')", '52'],
    ["datediff(hour, '2023-01-01', '2023-01-03 05:04:03')", '53'],
  ],
  mayFail: true,
});
