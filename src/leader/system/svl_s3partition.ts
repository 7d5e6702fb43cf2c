/**
 * SVL_S3PARTITION: partition pruning; there are no external schemas.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svl_s3partition',
  schema: 'pg_catalog',
  doc: 'partition pruning.',
  visibleTo: 'everyone',
  without: 'external schemas',
  columns: columns(`
    query integer, segment integer, node integer, slice integer, starttime timestamp,
    endtime timestamp, duration bigint, total_partitions integer, qualified_partitions integer,
    assigned_partitions integer, assignment character(1)
  `),
});
