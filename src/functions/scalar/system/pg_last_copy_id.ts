/**
 * Query of the last COPY of the session.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'pg_last_copy_id',
  runsOn: 'leader',
  besideTables: true,
  volatility: 'volatile',
  doc: 'Query of the last COPY of the session.',
  signatures: [{ args: [], returns: INT4 }],
  examples: [
    ['pg_last_copy_id() is null', 'f'],
    ['pg_last_copy_id() >= -1', 't'],
  ],
  host: (context) => leaderOf(context).session.last.copyId,
});
