/**
 * Collation of the database. There is one: CREATE DATABASE refuses the other.
 */
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'db_collation',
  runsOn: 'leader',
  besideTables: true,
  volatility: 'stable',
  doc: 'Collation of the database: case_sensitive.',
  signatures: [{ args: [], returns: VARCHAR }],
  examples: [
    ['db_collation()', 'case_sensitive'],
    ["db_collation() = 'case_insensitive'", 'f'],
  ],
  host: () => 'case_sensitive',
});
