/**
 * SVV_ROLE_GRANTS: roles that were granted to roles.
 */
import { membershipRows } from './role-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svv_role_grants',
  schema: 'pg_catalog',
  doc: 'roles that were granted to roles.',
  visibleTo: 'accessible',
  columns: columns(`
    role_id integer, role_name text, granted_role_id integer, granted_role_name text
  `),
  rows: (ctx) =>
    membershipRows(ctx).flatMap(({ role, member }) =>
      member.kind !== 'role'
        ? []
        : [
            {
              role_id: member.oid,
              role_name: member.name,
              granted_role_id: role.oid,
              granted_role_name: role.name,
            },
          ],
    ),
});
