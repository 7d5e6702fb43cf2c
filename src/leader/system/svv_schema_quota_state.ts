/**
 * SVV_SCHEMA_QUOTA_STATE: schema quota; there are no quotas of schemas.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_schema_quota_state',
  schema: 'pg_catalog',
  doc: 'schema quota.',
  visibleTo: 'everyone',
  without: 'quotas of schemas',
  columns: columns(`
    schema_id integer, schema_name character(128), schema_owner integer, quota integer,
    disk_usage integer, disk_usage_pct double precision
  `),
});
