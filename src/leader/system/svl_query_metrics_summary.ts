/** SVL_QUERY_METRICS_SUMMARY: the highest metrics of finished queries. */
import { finishedQueries, highest, queueOf } from './query-metrics.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svl_query_metrics_summary',
  schema: 'pg_catalog',
  doc: 'the highest metrics of finished queries.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, service_class integer, query_cpu_time bigint, query_blocks_read bigint,
    query_execution_time bigint, query_cpu_usage_percent numeric(38,2), query_temp_blocks_to_disk bigint,
    segment_execution_time bigint, cpu_skew numeric(38,2), io_skew numeric(38,2), scan_row_count bigint,
    join_row_count bigint, nested_loop_join_row_count bigint, return_row_count bigint,
    spectrum_scan_row_count bigint, spectrum_scan_size_mb bigint, query_queue_time bigint,
    service_class_name character(64)
  `),
  unknown: ['spectrum_scan_row_count', 'spectrum_scan_size_mb'],
  rows: async (ctx) =>
    (await finishedQueries(ctx)).map(({ query, userid, queue, levels }) => ({
      userid,
      query,
      ...queueOf(queue),
      ...highest(levels),
    })),
});
