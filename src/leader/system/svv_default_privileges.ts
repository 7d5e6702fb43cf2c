/**
 * SVV_DEFAULT_PRIVILEGES: privileges that new objects will have; there are no default privileges.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_default_privileges',
  schema: 'pg_catalog',
  doc: 'privileges that new objects will have.',
  visibleTo: 'accessible',
  without: 'default privileges',
  columns: columns(`
    schema_name text, object_type text, owner_id integer, owner_name text, owner_type text,
    privilege_type text, grantee_id integer, grantee_name text, grantee_type text, admin_option boolean
  `),
});
