/**
 * STL_DELETE: delete steps.
 */
import { columns, systemView } from './define.ts';
import { stepRows } from './step-rows.ts';

export default systemView({
  name: 'stl_delete',
  schema: 'pg_catalog',
  doc: 'delete steps.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, segment integer, step integer, starttime timestamp,
    endtime timestamp, tasknum integer, rows bigint, tbl integer
  `),
  rows: (ctx) => stepRows(ctx, ['delete'], (s) => ({ tbl: s.tableId })),
});
