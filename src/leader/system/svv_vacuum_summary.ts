/** SVV_VACUUM_SUMMARY: what each VACUUM did to its table. */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svv_vacuum_summary',
  schema: 'pg_catalog',
  doc: 'what each VACUUM did to its table.',
  visibleTo: 'superuser',
  columns: columns(`
    table_name text, xid bigint, sort_partitions bigint, merge_increments bigint, elapsed_time bigint,
    row_delta bigint, sortedrow_delta bigint, block_delta integer, max_merge_partitions integer
  `),
  unknown: ['sort_partitions', 'merge_increments', 'max_merge_partitions'],
  rows: (ctx) =>
    ctx.services.history.read('vacuumRuns').flatMap(({ xid, tableName, startMicros, endMicros, before, after }) =>
      before === undefined || after === undefined
        ? []
        : [
            {
              table_name: tableName,
              xid,
              elapsed_time: endMicros - startMicros,
              row_delta: after.rows - before.rows,
              sortedrow_delta: after.sortedRows - before.sortedRows,
              block_delta: after.blocks - before.blocks,
            },
          ],
    ),
});
