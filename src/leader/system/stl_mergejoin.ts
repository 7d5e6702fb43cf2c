/**
 * STL_MERGEJOIN: merge join steps. Columns nobody
 * measures here are NULL and listed in `unknown`.
 */
import { columns, systemView } from './define.ts';
import { stepRows } from './step-rows.ts';

export default systemView({
  name: 'stl_mergejoin',
  schema: 'pg_catalog',
  doc: 'merge join steps.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, segment integer, step integer, starttime timestamp,
    endtime timestamp, tasknum integer, rows bigint, tbl integer, checksum bigint
  `),
  unknown: ['checksum'],
  rows: (ctx) => stepRows(ctx, ['mjoin'], (s) => ({ tbl: s.tableId })),
});
