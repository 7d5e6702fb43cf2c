/**
 * STL_ANALYZE: runs of ANALYZE. Columns nobody measures here are NULL and listed in `unknown`.
 */
import { schemaName } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';
import { tf } from './step-rows.ts';

export default systemView({
  name: 'stl_analyze',
  schema: 'pg_catalog',
  doc: 'runs of ANALYZE.',
  visibleTo: 'superuser',
  columns: columns(`
    userid integer, xid bigint, database character(30), table_id integer, status character(15),
    rows double precision, modified_rows double precision, threshold_percent integer,
    is_auto character(1), starttime timestamp, endtime timestamp, prevtime timestamp,
    num_predicate_cols integer, num_new_predicate_cols integer, is_background character(1),
    auto_analyze_phase character(100), schema_name character(128), table_name character(136)
  `),
  unknown: ['num_predicate_cols', 'num_new_predicate_cols', 'auto_analyze_phase'],
  rows: (ctx) =>
    ctx.services.history.read('analyzes').map((a) => {
      const table = ctx.catalog.relationByOid(a.tableId);
      return {
        userid: a.userid,
        xid: a.xid,
        database: a.database,
        table_id: a.tableId,
        status: a.status,
        rows: a.rows,
        modified_rows: a.modifiedRows,
        threshold_percent: a.threshold ?? null,
        prevtime: a.previous ?? null,
        is_auto: tf(a.isAutomatic ?? false),
        starttime: a.startMicros,
        endtime: a.endMicros,
        is_background: 'f',
        schema_name: a.schema ?? (table === undefined ? null : schemaName(ctx, table.schemaOid)),
        table_name: a.tableName ?? table?.name ?? null,
      };
    }),
});
