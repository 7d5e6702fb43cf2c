/**
 * SVV_FUNCTION_PRIVILEGES: privileges granted on functions; there are no user-defined functions.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_function_privileges',
  schema: 'pg_catalog',
  doc: 'privileges granted on functions.',
  visibleTo: 'accessible',
  without: 'user-defined functions',
  columns: columns(`
    namespace_name text, function_name text, argument_types text, privilege_type text, identity_id integer,
    identity_name text, identity_type text, admin_option boolean
  `),
});
