/**
 * STL_MERGE: merge steps: sorted streams of the slices merged.
 */
import { columns, systemView } from './define.ts';
import { stepRows } from './step-rows.ts';

export default systemView({
  name: 'stl_merge',
  schema: 'pg_catalog',
  doc: 'merge steps: sorted streams of the slices merged.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, segment integer, step integer, starttime timestamp,
    endtime timestamp, tasknum integer, rows bigint
  `),
  rows: (ctx) => stepRows(ctx, ['merge']),
});
