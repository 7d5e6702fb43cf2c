/**
 * STV_WLM_QUERY_QUEUE_STATE: queries that wait for slots, in their order.
 */
import { rankOf } from '../scheduler/priorities.ts';
import { columns, systemView } from './define.ts';
import { presentQueries, queueMicros } from './wlm-rows.ts';

export default systemView({
  name: 'stv_wlm_query_queue_state',
  schema: 'pg_catalog',
  doc: 'queries that wait for slots, in their order.',
  visibleTo: 'accessible',
  columns: columns(`
    service_class integer, position integer, task integer, query integer, slot_count integer,
    start_time timestamp, queue_time bigint
  `),
  rows: (ctx) => {
    const now = ctx.services.clock.nowMicros();
    const all = ctx.services.wlm
      .queries()
      .filter((q) => q.state === 'QueuedWaiting')
      .sort((a, b) => rankOf(b.priority) - rankOf(a.priority));
    const seen = new Set(presentQueries(ctx));
    return all
      .filter((q) => seen.has(q))
      .map((q) => ({
        service_class: q.serviceClass.id,
        position: all.filter((o) => o.serviceClass === q.serviceClass).indexOf(q),
        task: q.task,
        query: q.query,
        slot_count: q.slots,
        start_time: q.startMicros,
        queue_time: queueMicros(q, now),
      }));
  },
});
