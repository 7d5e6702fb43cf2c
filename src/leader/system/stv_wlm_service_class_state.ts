/**
 * STV_WLM_SERVICE_CLASS_STATE: what is in each service class now, and what was since the start. Evicted queries are those
 * that left before they had slots (cancel, time-out).
 */
import { SERVICE_CLASSES } from '../scheduler/wlm.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stv_wlm_service_class_state',
  schema: 'pg_catalog',
  doc: 'what is in each service class now, and what was since the start.',
  visibleTo: 'superuser',
  columns: columns(`
    service_class integer, num_queued_queries integer, num_executing_queries integer,
    num_serviced_queries integer, num_executed_queries integer, num_evicted_queries integer,
    num_concurrency_scaling_queries integer
  `),
  rows: ({ services: { wlm } }) => {
    const present = wlm.queries();
    return SERVICE_CLASSES.map((c) => {
      const own = present.filter((q) => q.serviceClass === c);
      const { entered, executed, evicted } = wlm.countsOf(c);
      return {
        service_class: c.id,
        num_queued_queries: own.filter((q) => q.state === 'QueuedWaiting').length,
        num_executing_queries: own.filter((q) => q.state === 'Running').length,
        num_serviced_queries: entered,
        num_executed_queries: executed,
        num_evicted_queries: evicted,
        num_concurrency_scaling_queries: 0,
      };
    });
  },
});
