/**
 * PG_USER: users; passwords are masked. Columns nobody measures here are NULL and listed in `unknown`.
 */
import { userRows } from './database-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_user',
  schema: 'pg_catalog',
  doc: 'users; passwords are masked.',
  visibleTo: 'everyone',
  columns: columns(`
    usename name, usesysid integer, usecreatedb boolean, usesuper boolean, usecatupd boolean,
    passwd text, valuntil abstime, useconfig text[]
  `),
  unknown: ['valuntil'],
  rows: (ctx) => userRows(ctx),
});
