/**
 * STL_WINDOW: window function steps.
 */
import { columns, systemView } from './define.ts';
import { stepRows, tf } from './step-rows.ts';

export default systemView({
  name: 'stl_window',
  schema: 'pg_catalog',
  doc: 'window function steps.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, segment integer, step integer, starttime timestamp,
    endtime timestamp, tasknum integer, rows bigint, is_diskbased character(1), workmem bigint
  `),
  rows: (ctx) => stepRows(ctx, ['window'], (s) => ({ is_diskbased: tf(s.diskBytes > 0), workmem: s.workmem })),
});
