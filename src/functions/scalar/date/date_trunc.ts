/**
 * A timestamp cut to a date part.
 */
import { TIMESTAMP, TIMESTAMPTZ } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'date_trunc',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A timestamp cut to a date part.',
  signatures: [
    { args: ['text', 'timestamp'], returns: TIMESTAMP, kernel: 'date_trunc' },
    { args: ['text', 'timestamptz'], returns: TIMESTAMPTZ, kernel: 'date_trunc_tz' },
    { args: ['text', 'date'], returns: TIMESTAMP, kernel: 'date_trunc_date' },
  ],
  examples: [
    ["date_trunc('month', timestamp '2020-04-30 04:05:06')", '2020-04-01 00:00:00'],
    ["date_trunc('week', timestamp '2020-04-30 04:05:06')", '2020-04-27 00:00:00'],
  ],
  mayFail: true,
});
