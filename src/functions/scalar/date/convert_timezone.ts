/**
 * A timestamp moved from one zone (UTC by default) to another.
 */
import { TIMESTAMP } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'convert_timezone',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A timestamp moved from one zone (UTC by default) to another.',
  signatures: [
    { args: ['text', 'timestamp'], returns: TIMESTAMP, kernel: 'convert_timezone' },
    { args: ['text', 'text', 'timestamp'], returns: TIMESTAMP, kernel: 'convert_timezone_from' },
  ],
  examples: [
    ["convert_timezone('EST', 'PST', '20080305 12:25:29')", '2008-03-05 09:25:29'],
    ["convert_timezone('GMT', 'NEWZONE-2:15', '2014-05-17 12:00:00')", '2014-05-17 14:15:00'],
  ],
  mayFail: true,
});
