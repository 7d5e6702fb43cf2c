/** STL_MV_STATE: materialized views that a change of a base left so that they cannot be refreshed. As all are recomputed at every refresh,
 * nothing turns one into such that is. */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stl_mv_state',
  schema: 'pg_catalog',
  doc: 'materialized views that a change of a base left so that they cannot be refreshed.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid bigint, starttime timestamp, xid bigint, event_desc character(500), db_name character(128),
    base_table_schema character(128), base_table_name character(128), mv_schema character(128),
    mv_name character(128), state character(32)
  `),
  rows: (ctx) =>
    ctx.services.history.read('viewStates').map((v) => ({
      userid: v.userid,
      starttime: v.timeMicros,
      xid: v.xid,
      event_desc: v.event,
      db_name: v.database,
      base_table_schema: v.baseSchema,
      base_table_name: v.baseTable,
      mv_schema: v.schema,
      mv_name: v.name,
      state: 'Unrefreshable',
    })),
});
