/**
 * STV_WLM_QUERY_TASK_STATE: queries that run now, as tasks of their service class. A statement has one task for all its
 * queries. Columns nobody measures here are NULL and listed in `unknown`.
 */
import { columns, systemView } from './define.ts';
import { execMicros, presentQueries } from './wlm-rows.ts';

export default systemView({
  name: 'stv_wlm_query_task_state',
  schema: 'pg_catalog',
  doc: 'queries that run now, as tasks of their service class.',
  visibleTo: 'accessible',
  columns: columns(`
    service_class integer, task integer, query integer, level integer, start_time timestamp,
    exec_time bigint
  `),
  unknown: ['level'],
  rows: (ctx) => {
    const now = ctx.services.clock.nowMicros();
    return presentQueries(ctx)
      .filter((q) => q.state !== 'QueuedWaiting')
      .map((q) => ({
        service_class: q.serviceClass.id,
        task: q.task,
        query: q.query,
        start_time: q.execStartMicros,
        exec_time: execMicros(q, now),
      }));
  },
});
