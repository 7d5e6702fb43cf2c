/**
 * Whether texts in memory may have more bytes than a column holds.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'is_large_string_enabled',
  runsOn: 'leader',
  besideTables: true,
  volatility: 'stable',
  doc: 'Whether texts in memory may have up to 16,000,000 bytes (enable_large_strings_opt_in), else 65,535.',
  signatures: [{ args: [], returns: BOOL }],
  examples: [
    ['is_large_string_enabled()', 't'],
    ["is_large_string_enabled() = (current_setting('enable_large_strings_opt_in') = 'on')", 't'],
  ],
  host: (context) => leaderOf(context).session.setting('enable_large_strings_opt_in') === 'on',
});
