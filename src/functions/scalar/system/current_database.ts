/**
 * Name of the database.
 */
import { NAME } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'current_database',
  runsOn: 'leader',
  besideTables: true,
  volatility: 'stable',
  doc: 'Name of the database.',
  signatures: [{ args: [], returns: NAME }],
  examples: [
    ['current_database() is null', 'f'],
    ['current_database() = current_database()', 't'],
  ],
  host: (context) => leaderOf(context).session.database,
});
