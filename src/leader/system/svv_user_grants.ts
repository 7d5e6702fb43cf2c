/**
 * SVV_USER_GRANTS: roles that were granted to users.
 */
import { membershipRows } from './role-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svv_user_grants',
  schema: 'pg_catalog',
  doc: 'roles that were granted to users.',
  visibleTo: 'accessible',
  columns: columns(`
    user_id integer, user_name text, role_id integer, role_name text, admin_option boolean
  `),
  rows: (ctx) =>
    membershipRows(ctx).flatMap(({ role, member, admin }) =>
      member.kind !== 'user'
        ? []
        : [
            {
              user_id: member.oid,
              user_name: member.name,
              role_id: role.oid,
              role_name: role.name,
              admin_option: admin,
            },
          ],
    ),
});
