/**
 * STL_INSERT: insert steps. Columns nobody measures here are NULL and listed in `unknown`.
 */
import { columns, systemView } from './define.ts';
import { stepRows } from './step-rows.ts';

export default systemView({
  name: 'stl_insert',
  schema: 'pg_catalog',
  doc: 'insert steps.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, segment integer, step integer, starttime timestamp,
    endtime timestamp, tasknum integer, rows bigint, tbl integer, inserted_mega_value character(1)
  `),
  unknown: ['inserted_mega_value'],
  rows: (ctx) => stepRows(ctx, ['insert'], (s) => ({ tbl: s.tableId })),
});
