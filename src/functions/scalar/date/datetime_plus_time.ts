/**
 * date + time.
 */
import { TIMESTAMP, TIMESTAMPTZ } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'datetime_plus_time',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'date + time.',
  label: '?column?',
  signatures: [
    { args: ['date', 'time'], returns: TIMESTAMP, kernel: 'date_plus_time' },
    { args: ['date', 'timetz'], returns: TIMESTAMPTZ, kernel: 'date_plus_timetz' },
  ],
  examples: [
    ["date '2000-01-02' + time '20:00'", '2000-01-02 20:00:00'],
    ["date '2000-01-02' + time '00:00'", '2000-01-02 00:00:00'],
  ],
  mayFail: true,
});
