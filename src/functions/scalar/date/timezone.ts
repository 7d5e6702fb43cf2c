/**
 * AT TIME ZONE: a timestamp taken in a zone, or an instant shown in one.
 */
import { TIMESTAMP, TIMESTAMPTZ, TIMETZ } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'timezone',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'AT TIME ZONE: a timestamp taken in a zone, or an instant shown in one.',
  signatures: [
    { args: ['text', 'timestamp'], returns: TIMESTAMPTZ, kernel: 'timezone_timestamp' },
    { args: ['text', 'timestamptz'], returns: TIMESTAMP, kernel: 'timezone_timestamptz' },
    { args: ['text', 'timetz'], returns: TIMETZ, kernel: 'timezone_timetz' },
  ],
  examples: [
    ["timezone('PST', timestamptz '2008-06-17 09:44:54+00')", '2008-06-17 01:44:54'],
    ["time '10:00' at time zone 'MST'", '10:00:00+00'],
    ["timezone('MST', timestamp '2001-02-16 20:38:40')", '2001-02-17 03:38:40+00'],
  ],
  mayFail: true,
});
