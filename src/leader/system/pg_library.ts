/**
 * PG_LIBRARY: python libraries; there are no libraries of user-defined functions.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'pg_library',
  schema: 'pg_catalog',
  doc: 'python libraries.',
  visibleTo: 'everyone',
  without: 'libraries of user-defined functions',
  columns: columns(`
    name name, language_oid oid, file_store_id integer, owner integer
  `),
});
