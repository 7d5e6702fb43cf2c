/**
 * SVV_EXTERNAL_DATABASES: external databases; there are no external schemas.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_external_databases',
  schema: 'pg_catalog',
  doc: 'external databases.',
  visibleTo: 'everyone',
  without: 'external schemas',
  columns: columns(`
    eskind integer, databasename text, esoptions text
  `),
});
