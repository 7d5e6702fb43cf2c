/**
 * SVCS_S3QUERY_SUMMARY: as svl_s3query_summary incl. CS; there are no external schemas.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svcs_s3query_summary',
  schema: 'pg_catalog',
  doc: 'as svl_s3query_summary incl. CS.',
  visibleTo: 'own-rows',
  without: 'external schemas',
  columns: columns(`
    userid integer, query integer, xid bigint, pid integer, segment integer, step integer,
    starttime timestamp, endtime timestamp, elapsed bigint, aborted integer,
    external_table_name character(136), file_format character(16), is_partitioned character(1),
    is_rrscan character(1), is_nested character(1), s3_scanned_rows bigint,
    s3_scanned_bytes bigint, s3query_returned_rows bigint, s3query_returned_bytes bigint,
    files integer, files_max integer, files_avg bigint, splits integer, splits_max integer,
    splits_avg bigint, total_split_size bigint, max_split_size bigint, avg_split_size bigint,
    total_retries integer, max_retries integer, max_request_duration integer,
    avg_request_duration integer, max_request_parallelism integer,
    avg_request_parallelism double precision
  `),
});
