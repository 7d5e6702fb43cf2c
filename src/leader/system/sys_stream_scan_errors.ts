/**
 * SYS_STREAM_SCAN_ERRORS: streaming record errors; there are no streaming ingestion.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'sys_stream_scan_errors',
  schema: 'pg_catalog',
  doc: 'streaming record errors.',
  visibleTo: 'superuser',
  without: 'streaming ingestion',
  columns: columns(`
    external_schema_name character(128), stream_name character(255), mv_name character(128),
    transaction_id bigint, query_id bigint, record_time timestamp, partition_id character(128),
    position character(128), error_code integer, error_reason character(128)
  `),
});
