/**
 * time - time as an interval.
 */
import { DAY_TO_SECOND } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'time_minus_time',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'time - time as an interval.',
  label: '?column?',
  signatures: [
    { args: ['time', 'time'], returns: DAY_TO_SECOND, kernel: 'time_minus_time' },
    { args: ['timetz', 'timetz'], returns: DAY_TO_SECOND, kernel: 'time_minus_time' },
  ],
  examples: [
    ["time '10:00' - time '08:30'", '01:30:00'],
    ["time '08:30' - time '10:00'", '-01:30:00'],
  ],
});
