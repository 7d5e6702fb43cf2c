/**
 * STV_WLM_QUERY_STATE: queries that are in a service class now. A query whose slices are done, and whose slots went back,
 * is Returning until its client has taken all rows.
 */
import { columns, systemView } from './define.ts';
import { execMicros, presentQueries, queueMicros } from './wlm-rows.ts';

export default systemView({
  name: 'stv_wlm_query_state',
  schema: 'pg_catalog',
  doc: 'queries that are in a service class now.',
  visibleTo: 'accessible',
  columns: columns(`
    xid integer, task integer, query integer, service_class integer, slot_count integer,
    wlm_start_time timestamp, state character(16), queue_time bigint, exec_time bigint,
    query_priority character(20)
  `),
  rows: (ctx) => {
    const now = ctx.services.clock.nowMicros();
    return presentQueries(ctx).map((q) => ({
      xid: q.xid,
      task: q.task,
      query: q.query,
      service_class: q.serviceClass.id,
      slot_count: q.slots,
      wlm_start_time: q.startMicros,
      state: q.state,
      queue_time: queueMicros(q, now),
      exec_time: execMicros(q, now),
      query_priority: q.priority,
    }));
  },
});
