/**
 * STL_HASHJOIN: hash join steps. Columns nobody measures here are NULL and listed in `unknown`.
 */
import { columns, systemView } from './define.ts';
import { stepRows } from './step-rows.ts';

export default systemView({
  name: 'stl_hashjoin',
  schema: 'pg_catalog',
  doc: 'hash join steps.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, segment integer, step integer, starttime timestamp,
    endtime timestamp, tasknum integer, rows bigint, tbl integer, num_parts integer, join_type integer,
    hash_looped character(1), switched_parts character(1), used_prefetching character(1),
    hash_segment integer, hash_step integer, checksum bigint, distribution integer
  `),
  unknown: [
    'num_parts',
    'join_type',
    'hash_looped',
    'switched_parts',
    'used_prefetching',
    'hash_segment',
    'hash_step',
    'checksum',
    'distribution',
  ],
  rows: (ctx) => stepRows(ctx, ['hjoin'], (s) => ({ tbl: s.tableId })),
});
