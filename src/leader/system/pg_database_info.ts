/**
 * PG_DATABASE_INFO: pg_database with connection limits.
 */
import { databaseRows, limitText } from './database-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_database_info',
  schema: 'pg_catalog',
  doc: 'pg_database with connection limits.',
  visibleTo: 'everyone',
  columns: columns(`
    datname name, datdba integer, encoding integer, datistemplate boolean, datallowconn boolean,
    datlastsysoid oid, datvacuumxid xid, datfrozenxid xid, dattablespace oid, datconfig text[],
    datacl aclitem[], datid oid, datconnlimit text, oid oid, datcollate name, datctype name
  `),
  rows: (ctx) =>
    databaseRows(ctx).map((row) => ({
      ...row,
      datid: row['oid'],
      datconnlimit: limitText(ctx.catalog.object('database', Number(row['oid']))?.connectionLimit),
    })),
});
