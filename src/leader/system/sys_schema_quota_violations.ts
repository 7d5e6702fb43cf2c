/**
 * SYS_SCHEMA_QUOTA_VIOLATIONS: rows; there are no quotas of schemas.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'sys_schema_quota_violations',
  schema: 'pg_catalog',
  doc: 'rows.',
  visibleTo: 'superuser',
  without: 'quotas of schemas',
  columns: columns(`
    user_id integer, transaction_id bigint, session_id integer, owner_id integer,
    schema_id integer, schema_name character(128), quota integer, disk_usage integer,
    record_time timestamp
  `),
});
