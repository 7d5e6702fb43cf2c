/**
 * Name of the user whose rights count.
 */
import { NAME } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'current_user',
  aliases: ['user'],
  runsOn: 'leader',
  besideTables: true,
  volatility: 'stable',
  doc: 'Name of the user whose rights count.',
  label: 'current_user',
  signatures: [{ args: [], returns: NAME }],
  examples: [
    ['current_user is null', 'f'],
    ['current_user = session_user', 't'],
  ],
  host: (context) => leaderOf(context).session.user.name,
});
