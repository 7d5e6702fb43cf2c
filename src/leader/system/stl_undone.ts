/**
 * STL_UNDONE: transactions undone after they had committed; that never happens.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stl_undone',
  schema: 'pg_catalog',
  doc: 'transactions undone after they had committed; that never happens.',
  visibleTo: 'everyone',
  columns: columns(`
    userid integer, xact_id bigint, xact_id_undone bigint, undo_start_ts timestamp,
    undo_end_ts timestamp, table_id bigint
  `),
  rows: () => [],
});
