/** SYS_MV_REFRESH_HISTORY: refreshes of materialized views. */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'sys_mv_refresh_history',
  schema: 'pg_catalog',
  doc: 'refreshes of materialized views.',
  visibleTo: 'own-rows',
  columns: columns(`
    user_id integer, session_id integer, transaction_id bigint, database_name character(128),
    schema_name character(128), mv_id bigint, mv_name character(128), refresh_type character(32),
    status text, start_time timestamp, end_time timestamp, duration bigint, consumer_account character(12),
    consumer_region character(32), consumer_namespace character(36)
  `),
  unknown: ['consumer_account', 'consumer_region', 'consumer_namespace'],
  rows: (ctx) =>
    ctx.services.history.read('refreshes').map((r) => ({
      user_id: r.userid,
      session_id: r.pid,
      transaction_id: r.xid,
      database_name: r.database,
      schema_name: r.schema,
      mv_id: r.viewId,
      mv_name: r.name,
      refresh_type: 'Manual',
      status: r.status,
      start_time: r.startMicros,
      end_time: r.endMicros,
      duration: r.endMicros - r.startMicros,
    })),
});
