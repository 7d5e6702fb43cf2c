/** SYS_VACUUM_HISTORY: VACUUM of each table. */
import type { TableTotals } from '../../slices/storage.ts';
import type { VacuumRunRecord } from '../history/types.ts';
import { columns, systemView } from './define.ts';

const TYPES: Readonly<Record<string, string>> = {
  full: 'Full',
  'sort only': 'Sort',
  'delete only': 'Delete',
  reindex: 'Reindex',
  recluster: 'Recluster',
};
const difference = ({ before, after }: VacuumRunRecord, of: (t: TableTotals) => number): number | null =>
  before === undefined || after === undefined ? null : of(before) - of(after);

export default systemView({
  name: 'sys_vacuum_history',
  schema: 'pg_catalog',
  doc: 'VACUUM of each table.',
  visibleTo: 'own-rows',
  columns: columns(`
    user_id integer, transaction_id bigint, query_id bigint, database_name text, schema_name text,
    table_name text, table_id integer, vacuum_type character(20), is_automatic boolean,
    status character(40), start_time timestamp, end_time timestamp, record_time timestamp,
    duration integer, rows_before_vacuum bigint, size_before_vacuum integer, reclaimable_rows bigint,
    reclaimed_rows bigint, reclaimed_blocks bigint, sortedrows_before_vacuum integer,
    sortedrows_after_vacuum integer
  `),
  unknown: ['query_id'],
  rows: (ctx) =>
    ctx.services.history.read('vacuumRuns').map((v) => ({
      user_id: v.userid,
      transaction_id: v.xid,
      database_name: v.database,
      schema_name: v.schema,
      table_name: v.tableName,
      table_id: v.tableId,
      vacuum_type: TYPES[v.mode] ?? v.mode,
      is_automatic: false,
      status: v.status,
      start_time: v.startMicros,
      end_time: v.endMicros,
      record_time: v.endMicros,
      duration: Number(v.endMicros - v.startMicros),
      rows_before_vacuum: v.before?.rows ?? null,
      size_before_vacuum: v.before?.blocks ?? null,
      reclaimable_rows: v.before?.deletedRows ?? null,
      reclaimed_rows: difference(v, (t) => t.rows),
      reclaimed_blocks: difference(v, (t) => t.blocks),
      sortedrows_before_vacuum: v.before?.sortedRows ?? null,
      sortedrows_after_vacuum: v.after?.sortedRows ?? null,
    })),
});
