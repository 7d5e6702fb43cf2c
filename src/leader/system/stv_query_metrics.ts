/** STV_QUERY_METRICS: metrics of queries that run now, from the counters of STV_EXEC_STATE, as STL_QUERY_METRICS has those of finished ones. */
import { liveQueries } from './live-steps.ts';
import { levels, metricsRow } from './query-metrics.ts';
import { queryUsers } from './step-rows.ts';
import { queueNow } from './wlm-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stv_query_metrics',
  schema: 'pg_catalog',
  doc: 'metrics of queries that run now, per step, per segment (step -1) and per query (segment -1).',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, service_class integer, query integer, starttime timestamp, slices integer,
    segment integer, step_type integer, rows bigint, max_rows bigint, cpu_time bigint, max_cpu_time bigint,
    blocks_read bigint, max_blocks_read bigint, run_time bigint, max_run_time bigint,
    max_blocks_to_disk bigint, blocks_to_disk bigint, step integer, max_query_scan_size bigint,
    query_scan_size bigint, query_priority integer, query_queue_time bigint
  `),
  rows: async (ctx) => {
    const users = await queryUsers(ctx);
    const now = ctx.services.clock.nowMicros();
    const queues = new Map(ctx.services.wlm.queries().map((q) => [q.query, queueNow(q, now)]));
    return (await liveQueries(ctx)).flatMap(({ running: { query }, steps }) =>
      levels(steps).map((level) => ({
        userid: users.get(query) ?? null,
        ...metricsRow(level, queues.get(query)),
      })),
    );
  },
});
