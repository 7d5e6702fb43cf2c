/**
 * PG_EXTERNAL_SCHEMA: external schemas; they cannot be created yet.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_external_schema',
  schema: 'pg_catalog',
  doc: 'external schemas; they cannot be created yet.',
  visibleTo: 'everyone',
  columns: columns(`
    esoid oid, eskind integer, esdbname text, esoptions text
  `),
  rows: () => [],
});
