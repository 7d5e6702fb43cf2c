/**
 * SVV_EXTERNAL_TABLES: external tables; they cannot be created yet.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svv_external_tables',
  schema: 'pg_catalog',
  doc: 'external tables; they cannot be created yet.',
  visibleTo: 'everyone',
  columns: columns(`
    redshift_database_name text, schemaname text, tablename text, tabletype text, location text,
    input_format text, output_format text, serialization_lib text, serde_parameters text,
    compressed integer, parameters text
  `),
  rows: () => [],
});
