/** SVL_MV_REFRESH_STATUS: refreshes of materialized views. */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svl_mv_refresh_status',
  schema: 'pg_catalog',
  doc: 'refreshes of materialized views.',
  visibleTo: 'own-rows',
  columns: columns(`
    db_name character(128), userid bigint, schema_name character(128), mv_name character(128), xid bigint,
    starttime timestamp, endtime timestamp, status text, refresh_type character(32),
    consumer_account character(12), consumer_region character(32), consumer_namespace character(36)
  `),
  unknown: ['consumer_account', 'consumer_region', 'consumer_namespace'],
  rows: (ctx) =>
    ctx.services.history.read('refreshes').map((r) => ({
      db_name: r.database,
      userid: r.userid,
      schema_name: r.schema,
      mv_name: r.name,
      xid: r.xid,
      starttime: r.startMicros,
      endtime: r.endMicros,
      status: r.status,
      refresh_type: 'Manual',
    })),
});
