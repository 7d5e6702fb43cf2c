/**
 * SVV_EXTERNAL_SCHEMAS: external schemas; they cannot be created yet.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svv_external_schemas',
  schema: 'pg_catalog',
  doc: 'external schemas; they cannot be created yet.',
  visibleTo: 'everyone',
  columns: columns(`
    esoid oid, eskind smallint, schemaname name, esowner integer, databasename text, esoptions text
  `),
  rows: () => [],
});
