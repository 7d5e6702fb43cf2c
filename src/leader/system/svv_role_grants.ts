/**
 * SVV_ROLE_GRANTS: role to role; there are no roles.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_role_grants',
  schema: 'pg_catalog',
  doc: 'role to role.',
  visibleTo: 'accessible',
  without: 'roles',
  columns: columns(`
    role_id integer, role_name text, granted_role_id integer, granted_role_name text
  `),
});
