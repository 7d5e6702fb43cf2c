/**
 * Process number of the session.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'pg_backend_pid',
  runsOn: 'leader',
  besideTables: true,
  volatility: 'stable',
  doc: 'Process number of the session.',
  signatures: [{ args: [], returns: INT4 }],
  examples: [
    ['pg_backend_pid() > 0', 't'],
    ['pg_backend_pid() is null', 'f'],
  ],
  host: (context) => leaderOf(context).session.pid,
});
