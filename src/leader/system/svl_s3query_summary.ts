/**
 * SVL_S3QUERY_SUMMARY: Spectrum per query step; there are no external schemas.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svl_s3query_summary',
  schema: 'pg_catalog',
  doc: 'Spectrum per query step.',
  visibleTo: 'own-rows',
  without: 'external schemas',
  columns: columns(`
    userid integer, query integer, xid bigint, pid integer, segment integer, step integer,
    starttime timestamp, endtime timestamp, elapsed bigint, aborted integer,
    external_table_name text, file_format character(16), is_partitioned text, is_rrscan text,
    is_nested text, s3_scanned_rows bigint, s3_scanned_bytes bigint,
    s3query_returned_rows bigint, s3query_returned_bytes bigint, files bigint,
    files_max integer, files_avg bigint, splits bigint, splits_max integer, splits_avg bigint,
    total_split_size bigint, max_split_size bigint, avg_split_size bigint, total_retries bigint,
    max_retries integer, max_request_duration integer, avg_request_duration bigint,
    max_request_parallelism integer, avg_request_parallelism double precision
  `),
});
