/**
 * The last query of the session that used the slices and has ended: not the one that asks. -1 before there was one.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'pg_last_query_id',
  runsOn: 'leader',
  besideTables: true,
  volatility: 'volatile',
  doc: 'The last query of the session.',
  signatures: [{ args: [], returns: INT4 }],
  examples: [
    ['pg_last_query_id() is null', 'f'],
    ['pg_last_query_id() >= -1', 't'],
  ],
  host: (context) => leaderOf(context).session.last.finishedId,
});
