/**
 * PG_USER_INFO: users with connection limits, for superusers. Columns nobody measures here are NULL and listed in
 * `unknown`.
 */
import { limitText, userRows } from './database-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_user_info',
  schema: 'pg_catalog',
  doc: 'users with connection limits, for superusers.',
  visibleTo: 'superuser',
  secret: true,
  columns: columns(`
    usename name, usesysid integer, usecreatedb boolean, usesuper boolean, usecatupd boolean,
    passwd text, valuntil abstime, useconfig text[], useconnlimit text
  `),
  unknown: ['valuntil'],
  rows: (ctx) =>
    userRows(ctx).map((row) => ({
      ...row,
      useconnlimit: limitText(ctx.catalog.userByOid(Number(row['usesysid']))?.connectionLimit),
    })),
});
