/**
 * Rows of the last UNLOAD of the session.
 */
import { INT8 } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'pg_last_unload_count',
  runsOn: 'leader',
  besideTables: true,
  volatility: 'volatile',
  doc: 'Rows of the last UNLOAD of the session.',
  signatures: [{ args: [], returns: INT8 }],
  examples: [
    ['pg_last_unload_count() is null', 'f'],
    ['pg_last_unload_count() >= -1', 't'],
  ],
  host: (context) => BigInt(leaderOf(context).session.last.unloadCount),
});
