/**
 * SLICEHOUSE_SCAN_ROWS: what became of the rows that scans of tables met on each slice: read, found deleted, left before the
 * filter of the query and behind it. Rows read and deleted are counted by storage, the others by the step's code. A view of
 * our own: STL_SCAN has no count of deleted rows.
 */
import { columns, systemView } from './define.ts';
import { scanRows } from './step-rows.ts';

export default systemView({
  name: 'slicehouse_scan_rows',
  schema: 'pg_catalog',
  doc: 'rows that scans of tables read on each slice, found deleted, and passed on.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, segment integer, step integer, tbl integer, rows_read bigint,
    rows_deleted bigint, rows_visible bigint, rows bigint
  `),
  rows: (ctx) =>
    scanRows(ctx, ({ rowsPreFilter, rowsDeleted, rowsPreUserFilter }, { rows }) => [
      { rows_read: rowsPreFilter, rows_deleted: rowsDeleted, rows_visible: rowsPreUserFilter, rows },
    ]),
});
