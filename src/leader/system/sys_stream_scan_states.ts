/**
 * SYS_STREAM_SCAN_STATES: rows; there are no streaming ingestion.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'sys_stream_scan_states',
  schema: 'pg_catalog',
  doc: 'rows.',
  visibleTo: 'superuser',
  without: 'streaming ingestion',
  columns: columns(`
    external_schema_name character(128), stream_name character(255), mv_name character(128),
    transaction_id bigint, query_id bigint, record_time timestamp, partition_id character(128),
    latest_position character(128), scanned_rows bigint, skipped_rows bigint,
    scanned_bytes bigint, stream_record_time_min timestamp, stream_record_time_max timestamp
  `),
});
