/** SVL_QUERY_METRICS: metrics of finished queries in seconds, MB and rows: a row each query, segment and step, with what is measured of it. */
import { finishedQueries, measures, queueOf } from './query-metrics.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svl_query_metrics',
  schema: 'pg_catalog',
  doc: 'metrics of finished queries in seconds, MB and rows: a row each query, segment and step.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, service_class integer, dimension varchar(24), segment integer,
    step integer, step_label varchar(30), query_cpu_time bigint, query_blocks_read bigint,
    query_execution_time bigint, query_cpu_usage_percent bigint, query_temp_blocks_to_disk bigint,
    segment_execution_time bigint, cpu_skew numeric(38,2), io_skew numeric(38,2), scan_row_count bigint,
    join_row_count bigint, nested_loop_join_row_count bigint, return_row_count bigint,
    spectrum_scan_row_count bigint, spectrum_scan_size_mb bigint, query_queue_time bigint,
    service_class_name character(64)
  `),
  unknown: ['spectrum_scan_row_count', 'spectrum_scan_size_mb'],
  rows: async (ctx) =>
    (await finishedQueries(ctx)).flatMap(({ query, userid, queue, levels }) =>
      levels.map((level) => ({ userid, query, ...queueOf(queue), ...measures(level) })),
    ),
});
