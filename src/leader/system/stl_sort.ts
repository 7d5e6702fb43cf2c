/**
 * STL_SORT: sort steps. Columns nobody measures here are NULL and listed in `unknown`.
 */
import { columns, systemView } from './define.ts';
import { stepRows, tf } from './step-rows.ts';

export default systemView({
  name: 'stl_sort',
  schema: 'pg_catalog',
  doc: 'sort steps.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, segment integer, step integer, starttime timestamp,
    endtime timestamp, tasknum integer, rows bigint, bytes bigint, tbl integer,
    is_diskbased character(1), workmem bigint, checksum bigint
  `),
  unknown: ['checksum'],
  rows: (ctx) =>
    stepRows(ctx, ['sort'], (s) => ({
      bytes: s.bytes,
      tbl: s.tableId,
      is_diskbased: tf(s.diskBytes > 0),
      workmem: s.workmem,
    })),
});
