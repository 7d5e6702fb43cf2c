/** STV_PARTITIONS: the disk of each node, its part of the one that all share; tossed are blocks that only older snapshots need. */
import { nodeStorage } from './storage-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stv_partitions',
  schema: 'pg_catalog',
  doc: 'the disk of each node, its part of the one that all share; tossed are blocks that only older snapshots need.',
  visibleTo: 'superuser',
  columns: columns(`
    owner integer, host integer, diskno integer, part_begin bigint, part_end bigint, used integer,
    tossed integer, capacity integer, reads bigint, writes bigint, seek_forward integer, seek_back integer,
    is_san integer, failed integer, mbps integer, mount character(256)
  `),
  unknown: ['reads', 'writes', 'seek_forward', 'seek_back', 'mbps'],
  rows: async (ctx) =>
    (await nodeStorage(ctx)).map(({ node, used, tossed, capacity }) => ({
      owner: node,
      host: node,
      diskno: 0,
      part_begin: 0,
      part_end: capacity,
      used,
      tossed,
      capacity,
      is_san: 0,
      failed: 0,
      mount: ctx.services.storage.place,
    })),
});
