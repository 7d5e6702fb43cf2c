/**
 * STL_QUERY_METRICS: rows and run time of finished queries per step, per segment (step -1) and per query (segment
 * -1), from the same counters as SVL_QUERY_REPORT; cpu_time is the time segments were at work.
 */
import { columns, systemView } from './define.ts';
import { finishedQueries, metricsRow } from './query-metrics.ts';
import { serviceClassName } from './wlm-rows.ts';

export default systemView({
  name: 'stl_query_metrics',
  schema: 'pg_catalog',
  doc:
    'rows and run time of finished queries per step, per segment (step -1) and per query (segment ' +
    '-1), from the same counters as SVL_QUERY_REPORT.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, service_class integer, query integer, segment integer, step_type integer,
    starttime timestamp, slices integer, max_rows bigint, rows bigint, max_cpu_time bigint,
    cpu_time bigint, max_blocks_read integer, blocks_read bigint, max_run_time bigint, run_time bigint,
    max_blocks_to_disk bigint, blocks_to_disk bigint, step integer, max_query_scan_size bigint,
    query_scan_size bigint, query_priority integer, query_queue_time bigint,
    service_class_name character(64)
  `),
  rows: async (ctx) =>
    (await finishedQueries(ctx)).flatMap(({ userid, queue, levels }) => {
      const service_class_name = queue === undefined ? null : serviceClassName(queue.serviceClass);
      return levels.map((level) => ({ userid, ...metricsRow(level, queue), service_class_name }));
    }),
});
