/**
 * The transaction start.
 */
import { TIMESTAMPTZ } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'now',
  aliases: ['current_timestamp'],
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'The transaction start.',
  signatures: [{ args: [], returns: TIMESTAMPTZ, kernel: 'clock_now' }],
  examples: [
    ['now() is null', 'f'],
    ['now() = now()', 't'],
  ],
});
