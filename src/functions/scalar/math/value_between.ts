/**
 * The date or time so many billionths of the way from one to another.
 */
import { DATE, TIMESTAMP, TIMESTAMPTZ } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'value_between',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The date or time so many billionths of the way from one to another.',
  signatures: [
    { args: ['date', 'date', 'int8'], returns: DATE, kernel: 'between_i32' },
    { args: ['timestamp', 'timestamp', 'int8'], returns: TIMESTAMP, kernel: 'between_i64' },
    { args: ['timestamptz', 'timestamptz', 'int8'], returns: TIMESTAMPTZ, kernel: 'between_i64' },
  ],
  examples: [
    ["value_between(date '2024-01-01', date '2024-01-04', 500000000)", '2024-01-02'],
    ["value_between(timestamp '2024-01-01', timestamp '2024-01-02', 250000000)", '2024-01-01 06:00:00'],
  ],
});
