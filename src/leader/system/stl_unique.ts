/**
 * STL_UNIQUE: unique (DISTINCT) steps. Columns nobody measures here are NULL and listed in `unknown`.
 */
import { columns, systemView } from './define.ts';
import { stepRows, tf } from './step-rows.ts';

export default systemView({
  name: 'stl_unique',
  schema: 'pg_catalog',
  doc: 'unique (DISTINCT) steps.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, segment integer, step integer, starttime timestamp,
    endtime timestamp, tasknum integer, rows bigint, type character(6), is_diskbased character(1),
    slots integer, workmem bigint, max_buffers_used bigint, resizes integer, occupied integer,
    flushable integer, used_unique_prefetching character(1), bytes bigint
  `),
  unknown: ['slots', 'max_buffers_used', 'resizes', 'occupied', 'flushable', 'used_unique_prefetching'],
  rows: (ctx) =>
    stepRows(ctx, ['unique'], (s) => ({
      bytes: s.bytes,
      type: 'HASHED',
      is_diskbased: tf(s.diskBytes > 0),
      workmem: s.workmem,
    })),
});
