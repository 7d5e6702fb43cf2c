/** STL_DISK_FULL_DIAG: queries that found a disk full. */
import { columns, systemView } from './define.ts';
import { seesAllRows } from './sight.ts';

export default systemView({
  name: 'stl_disk_full_diag',
  schema: 'pg_catalog',
  doc: 'queries that found a disk full.',
  visibleTo: 'accessible',
  columns: columns(`
    currenttime bigint, node_num bigint, query_id bigint, temp_blocks bigint
  `),
  rows: (ctx) =>
    ctx.services.history
      .read('diskFull')
      .filter((d) => seesAllRows(ctx) || d.userid === ctx.session.user.oid)
      .map((d) => ({
        currenttime: d.timeMicros,
        node_num: d.node,
        query_id: d.query,
        temp_blocks: d.temporaryBlocks,
      })),
});
