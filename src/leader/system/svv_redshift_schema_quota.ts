/**
 * SVV_REDSHIFT_SCHEMA_QUOTA: quota in all databases; there are no quotas of schemas.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_redshift_schema_quota',
  schema: 'pg_catalog',
  doc: 'quota in all databases.',
  visibleTo: 'everyone',
  without: 'quotas of schemas',
  columns: columns(`
    database_name character(128), schema_name character(128), schema_owner integer,
    quota integer
  `),
});
