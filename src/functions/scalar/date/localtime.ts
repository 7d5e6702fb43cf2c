/**
 * Time of day at transaction start.
 */
import { TIME } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'localtime',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Time of day at transaction start.',
  label: 'time',
  signatures: [{ args: [], returns: TIME, kernel: 'clock_time' }],
  examples: [
    ['localtime is null', 'f'],
    ['localtime is not null', 't'],
  ],
});
