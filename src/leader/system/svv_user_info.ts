/**
 * SVV_USER_INFO: users the reader may see: all for superusers, else oneself. Columns nobody measures here are
 * NULL and listed in `unknown`.
 */
import { limitText } from './database-rows.ts';
import { columns, systemView } from './define.ts';
import { seesAllRows } from './sight.ts';

export default systemView({
  name: 'svv_user_info',
  schema: 'pg_catalog',
  doc: 'users the reader may see: all for superusers, else oneself.',
  visibleTo: 'accessible',
  columns: columns(`
    user_name text, user_id integer, createdb boolean, superuser boolean, catalog_update boolean,
    connection_limit text, syslog_access text, last_ddl_timestamp timestamp, session_timeout integer,
    external_user_id text
  `),
  unknown: ['last_ddl_timestamp'],
  rows: (ctx) =>
    ctx.catalog
      .users()
      .filter((u) => seesAllRows(ctx) || u.oid === ctx.session.user.oid)
      .map((u) => ({
        user_name: u.name,
        user_id: u.oid,
        createdb: u.createdb,
        superuser: u.superuser,
        catalog_update: u.superuser,
        connection_limit: limitText(u.connectionLimit),
        syslog_access: u.superuser || u.syslogUnrestricted === true ? 'UNRESTRICTED' : 'RESTRICTED',
        session_timeout: u.sessionTimeout ?? 0,
        external_user_id: u.externalId ?? null,
      })),
});
