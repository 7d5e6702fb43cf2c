/**
 * SVV_SYSTEM_PRIVILEGES: system privileges that were granted to roles.
 */
import { visibleRoles } from './role-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svv_system_privileges',
  schema: 'pg_catalog',
  doc: 'system privileges that were granted to roles.',
  visibleTo: 'accessible',
  columns: columns(`
    system_privilege text, identity_id integer, identity_name text, identity_type text
  `),
  rows: (ctx) =>
    visibleRoles(ctx).flatMap((role) =>
      role.system.map((system_privilege) => ({
        system_privilege,
        identity_id: role.oid,
        identity_name: role.name,
        identity_type: 'role',
      })),
    ),
});
