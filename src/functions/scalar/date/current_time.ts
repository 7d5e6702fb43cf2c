/**
 * Time of day at transaction start.
 */
import { TIME } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'current_time',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Time of day at transaction start.',
  label: 'time',
  signatures: [{ args: [], returns: TIME, kernel: 'clock_time' }],
  examples: [
    ['current_time is null', 'f'],
    ['current_time is not null', 't'],
  ],
});
