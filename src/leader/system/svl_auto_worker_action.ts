/**
 * SVL_AUTO_WORKER_ACTION: what the server changed about tables by itself, here the distribution of DISTSTYLE AUTO tables
 * that grew.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svl_auto_worker_action',
  schema: 'pg_catalog',
  doc: 'what the server changed about tables by itself: the distribution of DISTSTYLE AUTO tables that grew.',
  visibleTo: 'superuser',
  columns: columns(`
    table_id integer, type character(32), status character(128), eventtime timestamp, sequence integer,
    previous_state character(200)
  `),
  rows: (ctx) =>
    ctx.services.history.read('autoActions').map((a) => ({
      table_id: a.tableId,
      type: a.type,
      status: a.status.slice(0, 128),
      eventtime: a.timeMicros,
      sequence: 0,
      previous_state: a.previousState,
    })),
});
