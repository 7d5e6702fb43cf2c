/**
 * SYS_EXTERNAL_QUERY_DETAIL: rows; there are no external schemas.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'sys_external_query_detail',
  schema: 'pg_catalog',
  doc: 'rows.',
  visibleTo: 'everyone',
  without: 'external schemas',
  columns: columns(`
    user_id integer, query_id bigint, transaction_id bigint, child_query_sequence integer,
    segment_id integer, source_type character(32), start_time timestamp, end_time timestamp,
    duration bigint, total_partitions integer, qualified_partitions integer,
    scanned_files bigint, returned_rows bigint, returned_bytes bigint, file_format text,
    file_location text, external_query_text text, warning_message character(4000),
    table_name character(136), is_recursive character(1), is_nested character(1),
    s3list_time bigint, get_partition_time bigint, query_uuid character(36)
  `),
});
