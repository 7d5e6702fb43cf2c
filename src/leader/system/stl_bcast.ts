/**
 * STL_BCAST: broadcast steps: rows sent to every slice.
 */
import { columns, systemView } from './define.ts';
import { stepRows } from './step-rows.ts';

export default systemView({
  name: 'stl_bcast',
  schema: 'pg_catalog',
  doc: 'broadcast steps: rows sent to every slice.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, segment integer, step integer, starttime timestamp,
    endtime timestamp, tasknum integer, rows bigint, bytes bigint, packets integer
  `),
  rows: (ctx) => stepRows(ctx, ['bcast'], (s) => ({ bytes: s.bytes, packets: s.packets })),
});
