/**
 * STL_AGGR: aggregation steps. Columns nobody measures here are NULL and listed in `unknown`.
 */
import { columns, systemView } from './define.ts';
import { stepRows, tf } from './step-rows.ts';

export default systemView({
  name: 'stl_aggr',
  schema: 'pg_catalog',
  doc: 'aggregation steps.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, segment integer, step integer, starttime timestamp,
    endtime timestamp, tasknum integer, rows bigint, bytes bigint, slots integer, occupied integer,
    maxlength integer, tbl integer, is_diskbased character(1), workmem bigint, type character(6),
    resizes integer, flushable integer
  `),
  unknown: ['slots', 'occupied', 'maxlength', 'type', 'resizes', 'flushable'],
  rows: (ctx) =>
    stepRows(ctx, ['aggr'], (s) => ({
      bytes: s.bytes,
      tbl: s.tableId,
      is_diskbased: tf(s.diskBytes > 0),
      workmem: s.workmem,
    })),
});
