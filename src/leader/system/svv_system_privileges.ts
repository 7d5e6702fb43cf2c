/**
 * SVV_SYSTEM_PRIVILEGES: system grants to roles; there are no roles.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_system_privileges',
  schema: 'pg_catalog',
  doc: 'system grants to roles.',
  visibleTo: 'accessible',
  without: 'roles',
  columns: columns(`
    system_privilege text, identity_id integer, identity_name text, identity_type text
  `),
});
