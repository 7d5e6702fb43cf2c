/**
 * A part of a date or time as a float; seconds keep their fraction.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'date_part',
  aliases: ['pgdate_part', 'datepart'],
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A part of a date or time as a float; seconds keep their fraction.',
  label: 'pgdate_part',
  signatures: [
    { args: ['text', 'timestamp'], returns: FLOAT8, kernel: 'date_part' },
    { args: ['text', 'date'], returns: FLOAT8, kernel: 'date_part_date' },
    { args: ['text', 'timestamptz'], returns: FLOAT8, kernel: 'date_part_tz' },
    { args: ['text', 'time'], returns: FLOAT8, kernel: 'date_part_time' },
    { args: ['text', 'timetz'], returns: FLOAT8, kernel: 'date_part_timetz' },
    { args: ['text', 'interval'], returns: FLOAT8, kernel: 'extract_interval' },
  ],
  examples: [
    ["date_part(week, timestamp '2022-05-02 04:05:06.789')", '18'],
    ["datepart(hour, timestamp '2022-05-02 04:05:06')", '4'],
    ["date_part(sec, timestamp '2009-09-21 11:10:03.189717')", '3.189717'],
  ],
  mayFail: true,
});
