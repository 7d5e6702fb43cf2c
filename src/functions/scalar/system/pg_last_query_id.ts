/**
 * The last query of the session.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'pg_last_query_id',
  runsOn: 'leader',
  volatility: 'volatile',
  doc: 'The last query of the session.',
  signatures: [
    { args: [], returns: INT4 },
  ],
  examples: [
    ['pg_last_query_id() is null', 'f'],
    ['pg_last_query_id() >= -1', 't'],
  ],
  host: (context) => leaderOf(context).session.last.queryId,
});
