/**
 * SVCS_CONCURRENCY_SCALING_USAGE: CS usage intervals; there are no concurrency scaling clusters.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svcs_concurrency_scaling_usage',
  schema: 'pg_catalog',
  doc: 'CS usage intervals.',
  visibleTo: 'superuser',
  without: 'concurrency scaling clusters',
  columns: columns(`
    start_time timestamp, end_time timestamp, queries bigint, usage_in_seconds double precision
  `),
});
