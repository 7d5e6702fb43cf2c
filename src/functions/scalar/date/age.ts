/**
 * The years, months and days between two moments; of one, how long it was before today began.
 */
import { DATE, INTERVAL, TIMESTAMP, TIMESTAMPTZ } from '../../../types/sql-type.ts';
import { call, cast } from '../../expand-nodes.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'age',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'The years, months and days between two moments; of one, how long it was before today began.',
  signatures: [
    { args: ['timestamp', 'timestamp'], returns: INTERVAL, kernel: 'age_timestamp' },
    { args: ['timestamptz', 'timestamptz'], returns: INTERVAL, kernel: 'age_timestamptz' },
    { args: ['timestamp'], returns: INTERVAL },
    { args: ['timestamptz'], returns: INTERVAL },
  ],
  examples: [
    ["age(timestamp '2001-04-10', timestamp '1957-06-13')", '43 years 9 mons 27 days'],
    ['age(current_date)', '00:00:00'],
  ],
  expand: (args, type, signature) => {
    if (signature < 2) return call('age', signature, type, args);
    const today = cast(call('current_date', 0, DATE, []), signature === 2 ? TIMESTAMP : TIMESTAMPTZ);
    return call('age', signature - 2, type, [today, args[0]!]);
  },
});
