/**
 * Collation of the database.
 */
import { leaderOf } from '../../leader-context.ts';
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'db_collation',
  runsOn: 'leader',
  besideTables: true,
  volatility: 'stable',
  doc: 'Collation of the database: case_sensitive or case_insensitive.',
  signatures: [{ args: [], returns: VARCHAR }],
  examples: [
    ['db_collation()', 'case_sensitive'],
    ["db_collation() = 'case_insensitive'", 'f'],
  ],
  host: (context) => leaderOf(context).catalog.database.collation ?? 'case_sensitive',
});
