/**
 * The last query of the session that used the slices and has ended: not the one that asks. -1 before there was one.
 */
import { INT8 } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'last_user_query_id',
  runsOn: 'leader',
  besideTables: true,
  volatility: 'volatile',
  doc: 'The last query of the session that has ended, -1 before there was one.',
  signatures: [{ args: [], returns: INT8 }],
  examples: [
    ['last_user_query_id() = pg_last_query_id()', 't'],
    ['last_user_query_id() >= -1', 't'],
  ],
  host: (context) => BigInt(leaderOf(context).session.last.finishedId),
});
