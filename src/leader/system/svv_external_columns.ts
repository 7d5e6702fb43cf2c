/**
 * SVV_EXTERNAL_COLUMNS: columns of external tables; they cannot be created yet.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svv_external_columns',
  schema: 'pg_catalog',
  doc: 'columns of external tables; they cannot be created yet.',
  visibleTo: 'everyone',
  columns: columns(`
    redshift_database_name text, schemaname text, tablename text, columnname text, external_type text,
    columnnum integer, part_key integer, is_nullable text
  `),
  rows: () => [],
});
