/**
 * A part of a date or time as an integer.
 */
import { FLOAT8, INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'extract',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A part of a date or time as an integer.',
  label: 'date_part',
  signatures: [
    { args: ['text', 'timestamp'], returns: INT4, kernel: 'extract_timestamp' },
    { args: ['text', 'date'], returns: INT4, kernel: 'extract_date' },
    { args: ['text', 'timestamptz'], returns: FLOAT8, kernel: 'extract_timestamptz' },
    { args: ['text', 'time'], returns: INT4, kernel: 'extract_time' },
    { args: ['text', 'interval'], returns: FLOAT8, kernel: 'extract_interval' },
  ],
  examples: [
    ["extract(year from timestamp '2001-12-16 12:21:13')", '2001'],
    ["extract(ms from timestamp '2009-09-09 12:08:43.101')", '101'],
  ],
  mayFail: true,
});
