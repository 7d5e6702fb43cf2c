/**
 * STL_DIST: redistribution steps: rows sent to other slices by hash.
 */
import { columns, systemView } from './define.ts';
import { stepRows } from './step-rows.ts';

export default systemView({
  name: 'stl_dist',
  schema: 'pg_catalog',
  doc: 'redistribution steps: rows sent to other slices by hash.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, segment integer, step integer, starttime timestamp,
    endtime timestamp, tasknum integer, rows bigint, bytes bigint, packets integer
  `),
  rows: (ctx) => stepRows(ctx, ['dist'], (s) => ({ bytes: s.bytes, packets: s.packets })),
});
