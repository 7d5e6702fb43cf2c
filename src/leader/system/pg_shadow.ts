/**
 * PG_SHADOW: users with the stored password hash, for superusers. Columns nobody measures here are NULL and
 * listed in `unknown`.
 */
import { userRows } from './database-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_shadow',
  schema: 'pg_catalog',
  oid: 1260,
  doc: 'users with the stored password hash, for superusers.',
  visibleTo: 'superuser',
  secret: true,
  columns: columns(`
    usename name, usesysid integer, usecreatedb boolean, usesuper boolean, usecatupd boolean,
    passwd text, valuntil abstime, useconfig text[]
  `),
  unknown: ['valuntil'],
  rows: (ctx) =>
    userRows(ctx).map((row) => ({
      ...row,
      passwd: ctx.catalog.userByOid(Number(row['usesysid']))?.passwordHash ?? null,
    })),
});
