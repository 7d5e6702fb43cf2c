/**
 * SYS_SERVERLESS_USAGE: rows; there are no serverless workgroups.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'sys_serverless_usage',
  schema: 'pg_catalog',
  doc: 'rows.',
  visibleTo: 'superuser',
  without: 'serverless workgroups',
  columns: columns(`
    start_time timestamp, end_time timestamp, compute_seconds double precision,
    compute_capacity double precision, data_storage bigint,
    cross_region_transferred_data bigint, charged_seconds bigint,
    charged_extra_compute_for_automatic_optimization_seconds bigint
  `),
});
