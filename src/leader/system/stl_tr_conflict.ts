/** STL_TR_CONFLICT: transactions that were given up for what others did to a table (error 1023). */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stl_tr_conflict',
  schema: 'pg_catalog',
  doc: 'transactions that were given up for what others did to a table (error 1023).',
  visibleTo: 'superuser',
  columns: columns(`
    xact_id bigint, process_id bigint, xact_start_ts timestamp, abort_time timestamp, table_id bigint
  `),
  rows: (ctx) =>
    ctx.services.history.read('conflicts').map((c) => ({
      xact_id: c.xid,
      process_id: c.pid,
      xact_start_ts: c.startMicros,
      abort_time: c.timeMicros,
      table_id: c.tableId,
    })),
});
