/**
 * Whether an operator is found without its schema; all of them live in pg_catalog.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'pg_operator_is_visible',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Whether an operator is found without its schema; all of them live in pg_catalog.',
  signatures: [{ args: ['oid'], returns: BOOL }],
  examples: [
    ['pg_operator_is_visible(16)', 't'],
    ['pg_operator_is_visible(0)', 't'],
  ],
  host: (_, args) => args[0] !== null,
});
