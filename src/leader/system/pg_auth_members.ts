/**
 * PG_AUTH_MEMBERS: members of groups in the form of PostgreSQL's roles.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_auth_members',
  schema: 'pg_catalog',
  oid: 1261,
  doc: "members of groups in the form of PostgreSQL's roles.",
  visibleTo: 'everyone',
  columns: columns(`
    roleid oid, member oid, grantor oid, admin_option boolean
  `),
  rows: (ctx) =>
    ctx.catalog
      .groups()
      .flatMap((g) => g.users.map((member) => ({ roleid: g.oid, member: member, grantor: 1, admin_option: false }))),
});
