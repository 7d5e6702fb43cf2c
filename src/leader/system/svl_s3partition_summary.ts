/**
 * SVL_S3PARTITION_SUMMARY: partition pruning summary; there are no external schemas.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svl_s3partition_summary',
  schema: 'pg_catalog',
  doc: 'partition pruning summary.',
  visibleTo: 'everyone',
  without: 'external schemas',
  columns: columns(`
    query integer, segment integer, assignment character(1), min_starttime timestamp,
    max_endtime timestamp, min_duration bigint, max_duration bigint, avg_duration bigint,
    total_partitions integer, qualified_partitions integer, min_assigned_partitions integer,
    max_assigned_partitions integer, avg_assigned_partitions bigint
  `),
});
