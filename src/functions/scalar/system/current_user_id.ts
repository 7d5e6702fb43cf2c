/**
 * Oid of the user.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'current_user_id',
  runsOn: 'leader',
  besideTables: true,
  volatility: 'stable',
  doc: 'Oid of the user.',
  signatures: [{ args: [], returns: INT4 }],
  examples: [
    ['current_user_id is null', 'f'],
    ['current_user_id = current_user_id', 't'],
  ],
  host: (context) => leaderOf(context).session.user.oid,
});
