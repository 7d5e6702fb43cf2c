/**
 * SVV_COLUMN_PRIVILEGES: privileges granted on columns; there are no privileges of columns.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_column_privileges',
  schema: 'pg_catalog',
  doc: 'privileges granted on columns.',
  visibleTo: 'accessible',
  without: 'privileges of columns',
  columns: columns(`
    namespace_name text, relation_name text, column_name text, privilege_type text, identity_id integer,
    identity_name text, identity_type text
  `),
});
