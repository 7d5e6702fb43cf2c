/**
 * Whether a collation is found without its schema.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'pg_collation_is_visible',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Whether a collation is found without its schema.',
  signatures: [{ args: ['oid'], returns: BOOL }],
  examples: [
    ['pg_collation_is_visible(100)', 't'],
    ['pg_collation_is_visible(null)', 'NULL'],
  ],
  host: () => true,
});
