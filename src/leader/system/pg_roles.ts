/**
 * PG_ROLES: users and groups in the form of PostgreSQL's roles. Columns nobody measures here are NULL and listed
 * in `unknown`.
 */
import { RDSDB_OID } from '../catalog/bootstrap.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_roles',
  schema: 'pg_catalog',
  doc: "users and groups in the form of PostgreSQL's roles.",
  visibleTo: 'everyone',
  columns: columns(`
    rolname name, rolsuper boolean, rolinherit boolean, rolcreaterole boolean, rolcreatedb boolean,
    rolcanlogin boolean, rolreplication boolean, rolconnlimit integer, rolpassword text,
    rolvaliduntil timestamptz, rolbypassrls boolean, rolconfig text[], oid oid
  `),
  unknown: ['rolconfig'],
  rows: (ctx) => [
    ...ctx.catalog.users().map((u) => ({
      rolname: u.name,
      rolsuper: u.superuser,
      rolinherit: true,
      rolcreaterole: u.superuser,
      rolcreatedb: u.createdb,
      rolcanlogin: u.oid !== RDSDB_OID && u.passwordDisabled !== true,
      rolreplication: false,
      rolconnlimit: u.connectionLimit ?? -1,
      rolpassword: '********',
      rolvaliduntil: u.validUntilMicros ?? null,
      rolbypassrls: u.superuser,
      oid: u.oid,
    })),
    ...ctx.catalog.groups().map((g) => ({
      rolname: g.name,
      rolsuper: false,
      rolinherit: true,
      rolcreaterole: false,
      rolcreatedb: false,
      rolcanlogin: false,
      rolreplication: false,
      rolconnlimit: -1,
      rolpassword: '********',
      rolbypassrls: false,
      oid: g.oid,
    })),
  ],
});
