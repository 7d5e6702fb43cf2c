/** SYS_AUTO_TABLE_OPTIMIZATION: what the server changed about tables by itself. */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'sys_auto_table_optimization',
  schema: 'pg_catalog',
  doc: 'what the server changed about tables by itself.',
  visibleTo: 'superuser',
  columns: columns(`
    transaction_id bigint, session_id integer, table_id integer, alter_table_type character(32),
    status character(128), event_time timestamp, alter_from character(200)
  `),
  rows: (ctx) =>
    ctx.services.history.read('autoActions').map((a) => ({
      transaction_id: a.xid ?? null,
      session_id: a.pid ?? null,
      table_id: a.tableId,
      alter_table_type: a.type,
      status: a.status,
      event_time: a.timeMicros,
      alter_from: a.previousState,
    })),
});
