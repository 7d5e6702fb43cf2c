/**
 * Name of the session user.
 */
import { NAME } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'session_user',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Name of the session user.',
  label: 'current_user',
  signatures: [{ args: [], returns: NAME }],
  examples: [
    ['session_user is null', 'f'],
    ['session_user = user', 't'],
  ],
  host: (context) => leaderOf(context).session.user.name,
});
