/**
 * PG_DATABASE: databases of the cluster.
 */
import { databaseRows } from './database-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_database',
  schema: 'pg_catalog',
  oid: 1262,
  doc: 'databases of the cluster.',
  visibleTo: 'everyone',
  columns: columns(`
    datname name, datdba integer, encoding integer, datistemplate boolean, datallowconn boolean,
    datlastsysoid oid, datvacuumxid xid, datfrozenxid xid, dattablespace oid, datconfig text[],
    datacl aclitem[], oid oid, datcollate name, datctype name
  `),
  rows: (ctx) => databaseRows(ctx),
});
