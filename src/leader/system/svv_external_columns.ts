/**
 * SVV_EXTERNAL_COLUMNS: external columns; there are no external schemas.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_external_columns',
  schema: 'pg_catalog',
  doc: 'external columns.',
  visibleTo: 'everyone',
  without: 'external schemas',
  columns: columns(`
    redshift_database_name text, schemaname text, tablename text, columnname text,
    external_type text, columnnum integer, part_key integer, is_nullable text
  `),
});
