/**
 * A part of a date or time as an integer.
 */
import { FLOAT8, INT4, INT8, TIMESTAMP } from '../../../types/sql-type.ts';
import { call, cast } from '../../expand-nodes.ts';
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
    { args: ['text', 'timetz'], returns: INT4, kernel: 'extract_timetz' },
  ],
  examples: [
    ["extract(year from timestamp '2001-12-16 12:21:13')", '2001'],
    ["extract(ms from timestamp '2009-09-09 12:08:43.101')", '101'],
  ],
  mayFail: true,
  widens: true,
  // Seconds since 1970 outgrow an integer in 2038.
  expand: (args, type, signature) => {
    const part = args[0]!;
    if (signature > 1 || part.kind !== 'const' || part.value !== 'epoch')
      return call('extract', signature, type, args);
    return call('extract_epoch', 0, INT8, [signature === 0 ? args[1]! : cast(args[1]!, TIMESTAMP)]);
  },
});
