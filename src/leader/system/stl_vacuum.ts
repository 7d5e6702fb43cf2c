/**
 * STL_VACUUM: steps of VACUUM: rows and blocks when it started and when it finished. Columns nobody measures here
 * are NULL and listed in `unknown`.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stl_vacuum',
  schema: 'pg_catalog',
  doc: 'steps of VACUUM: rows and blocks when it started and when it finished.',
  visibleTo: 'superuser',
  columns: columns(`
    userid integer, xid bigint, table_id integer, status character(30), rows bigint, sortedrows integer,
    blocks integer, max_merge_partitions integer, eventtime timestamp, reclaimable_rows bigint,
    reclaimable_space_mb bigint, cutoff_xid bigint, is_recluster integer
  `),
  unknown: ['max_merge_partitions'],
  rows: (ctx) =>
    ctx.services.history.read('vacuums').map((v) => ({
      userid: v.userid,
      xid: v.xid,
      table_id: v.tableId,
      status: v.status,
      rows: v.rows,
      sortedrows: v.sortedRows,
      blocks: v.blocks,
      eventtime: v.timeMicros,
      reclaimable_rows: v.reclaimableRows ?? null,
      reclaimable_space_mb: v.reclaimableBlocks ?? null,
      cutoff_xid: v.cutoffXid ?? null,
      is_recluster: Number(v.isRecluster ?? false),
    })),
});
