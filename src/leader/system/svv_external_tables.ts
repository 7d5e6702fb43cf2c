/**
 * SVV_EXTERNAL_TABLES: external tables; there are no external schemas.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_external_tables',
  schema: 'pg_catalog',
  doc: 'external tables.',
  visibleTo: 'everyone',
  without: 'external schemas',
  columns: columns(`
    redshift_database_name text, schemaname text, tablename text, tabletype text, location text,
    input_format text, output_format text, serialization_lib text, serde_parameters text,
    compressed integer, parameters text
  `),
});
