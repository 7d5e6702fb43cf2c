/**
 * STL_NESTLOOP: nested loop steps. Columns nobody measures here are NULL and listed in `unknown`.
 */
import { columns, systemView } from './define.ts';
import { stepRows } from './step-rows.ts';

export default systemView({
  name: 'stl_nestloop',
  schema: 'pg_catalog',
  doc: 'nested loop steps.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, segment integer, step integer, starttime timestamp,
    endtime timestamp, tasknum integer, rows bigint, tbl integer, checksum bigint
  `),
  unknown: ['checksum'],
  rows: (ctx) => stepRows(ctx, ['nloop'], (s) => ({ tbl: s.tableId })),
});
