/**
 * SVV_ROLES: roles; there are no roles.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_roles',
  schema: 'pg_catalog',
  doc: 'roles.',
  visibleTo: 'accessible',
  without: 'roles',
  columns: columns(`
    role_id integer, role_name text, role_owner text, external_id text
  `),
});
