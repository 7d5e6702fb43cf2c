/**
 * SVV_ROLES: roles the reader has or owns; all for whoever may see the catalog.
 */
import { userName } from './catalog-rows.ts';
import { visibleRoles } from './role-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svv_roles',
  schema: 'pg_catalog',
  doc: 'roles the reader has or owns; all for whoever may see the catalog.',
  visibleTo: 'accessible',
  columns: columns(`
    role_id integer, role_name text, role_owner text, external_id text
  `),
  rows: (ctx) =>
    visibleRoles(ctx).map((role) => ({
      role_id: role.oid,
      role_name: role.name,
      role_owner: userName(ctx, role.ownerOid),
      external_id: role.externalId ?? null,
    })),
});
