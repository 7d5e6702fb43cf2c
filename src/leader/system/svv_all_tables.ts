/**
 * SVV_ALL_TABLES: tables and views of the current database the reader may use.
 */
import { columns, systemView } from './define.ts';
import { databaseTableRows } from './relation-list.ts';

export default systemView({
  name: 'svv_all_tables',
  schema: 'pg_catalog',
  doc: 'tables and views of the current database the reader may use.',
  visibleTo: 'accessible',
  columns: columns(`
    database_name varchar(128), schema_name varchar(128), table_name varchar(128),
    table_type varchar(128), table_acl varchar(128), remarks varchar(256)
  `),
  rows: databaseTableRows,
});
