/**
 * SVL_S3QUERY: Spectrum per slice; there are no external schemas.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svl_s3query',
  schema: 'pg_catalog',
  doc: 'Spectrum per slice.',
  visibleTo: 'own-rows',
  without: 'external schemas',
  columns: columns(`
    userid integer, query integer, segment integer, step integer, node integer, slice integer,
    starttime timestamp, endtime timestamp, elapsed bigint, external_table_name character(136),
    file_format character(16), is_partitioned character(1), is_rrscan character(1),
    is_nested character(1), s3_scanned_rows bigint, s3_scanned_bytes bigint,
    s3query_returned_rows bigint, s3query_returned_bytes bigint, files integer, splits integer,
    total_split_size bigint, max_split_size bigint, total_retries integer, max_retries integer,
    max_request_duration integer, avg_request_duration integer, max_request_parallelism integer,
    avg_request_parallelism double precision
  `),
});
