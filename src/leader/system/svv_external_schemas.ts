/**
 * SVV_EXTERNAL_SCHEMAS: external schemas; there are no external schemas.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_external_schemas',
  schema: 'pg_catalog',
  doc: 'external schemas.',
  visibleTo: 'everyone',
  without: 'external schemas',
  columns: columns(`
    esoid oid, eskind smallint, schemaname name, esowner integer, databasename text,
    esoptions text
  `),
});
