/**
 * STL_SCHEMA_QUOTA_VIOLATIONS: quota rejects; there are no quotas of schemas.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'stl_schema_quota_violations',
  schema: 'pg_catalog',
  doc: 'quota rejects.',
  visibleTo: 'accessible',
  without: 'quotas of schemas',
  columns: columns(`
    ownerid integer, xid bigint, pid integer, userid integer, schema_id integer,
    schema_name character(128), quota integer, disk_usage integer,
    disk_usage_pct double precision, timestamp timestamp
  `),
});
