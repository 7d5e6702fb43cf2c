/**
 * SVV_USER_GRANTS: role to user; there are no roles.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_user_grants',
  schema: 'pg_catalog',
  doc: 'role to user.',
  visibleTo: 'accessible',
  without: 'roles',
  columns: columns(`
    user_id integer, user_name text, role_id integer, role_name text, admin_option boolean
  `),
});
