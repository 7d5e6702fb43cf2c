/**
 * SVL_USER_INFO: users, for superusers. Columns nobody measures here are NULL and listed in `unknown`.
 */
import { limitText } from './database-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svl_user_info',
  schema: 'pg_catalog',
  doc: 'users, for superusers.',
  visibleTo: 'superuser',
  columns: columns(`
    usename text, usesysid integer, usecreatedb boolean, usesuper boolean, usecatupd boolean,
    useconnlimit text, syslogaccess text, last_ddl_ts timestamp, sessiontimeout integer,
    external_id text
  `),
  unknown: ['last_ddl_ts'],
  rows: (ctx) =>
    ctx.catalog.users().map((u) => ({
      usename: u.name,
      usesysid: u.oid,
      usecreatedb: u.createdb,
      usesuper: u.superuser,
      usecatupd: u.superuser,
      useconnlimit: limitText(u.connectionLimit),
      syslogaccess: u.superuser || u.syslogUnrestricted === true ? 'UNRESTRICTED' : 'RESTRICTED',
      sessiontimeout: u.sessionTimeout ?? 0,
      external_id: u.externalId ?? null,
    })),
});
