/**
 * STL_HASH: hash build steps. Columns nobody measures here are NULL and listed in `unknown`.
 */
import { columns, systemView } from './define.ts';
import { byQuery, stepRows, tf } from './step-rows.ts';

export default systemView({
  name: 'stl_hash',
  schema: 'pg_catalog',
  doc: 'hash build steps.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, segment integer, step integer, starttime timestamp,
    endtime timestamp, tasknum integer, rows bigint, bytes bigint, slots integer, occupied integer,
    maxlength integer, tbl integer, is_diskbased character(1), workmem bigint, num_parts integer,
    est_rows bigint, num_blocks_permitted integer, resizes integer, checksum bigint,
    runtime_filter_size integer, max_runtime_filter_size integer
  `),
  unknown: [
    'slots',
    'occupied',
    'maxlength',
    'num_parts',
    'num_blocks_permitted',
    'resizes',
    'checksum',
    'runtime_filter_size',
    'max_runtime_filter_size',
  ],
  rows: async (ctx) => {
    const plans = await byQuery(ctx, 'queries', (q) => q.plan);
    return stepRows(ctx, ['hash'], (s) => ({
      est_rows: plans.get(s.query)?.[s.planNode - 1]?.rows ?? null,
      bytes: s.bytes,
      tbl: s.tableId,
      is_diskbased: tf(s.diskBytes > 0),
      workmem: s.workmem,
    }));
  },
});
