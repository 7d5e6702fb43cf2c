/**
 * PG_STAT_ACTIVITY: open sessions and what they run; other users' statements are hidden from ordinary users.
 */
import { columns, systemView } from './define.ts';
import { seesAllRows } from './sight.ts';

export default systemView({
  name: 'pg_stat_activity',
  schema: 'pg_catalog',
  doc: "open sessions and what they run; other users' statements are hidden from ordinary users.",
  visibleTo: 'everyone',
  functions: ['pg_stat_get_backend_idset()'],
  columns: columns(`
    datid oid, datname name, procpid integer, usesysid integer, usename name, current_query text,
    query_start timestamptz, backend_start timestamptz, application_name text, client_addr text,
    client_port integer, pid integer
  `),
  rows: (ctx) =>
    ctx.services.sessions().map((s) => {
      const open = seesAllRows(ctx) || s.user.oid === ctx.session.user.oid;
      const text = s.activity?.text ?? '<IDLE>';
      return {
        datid: ctx.catalog.named('database', s.database)?.oid ?? null,
        datname: s.database,
        procpid: s.pid,
        usesysid: s.user.oid,
        usename: s.user.name,
        current_query: open ? text : '<insufficient privilege>',
        query_start: s.activity?.startedAtMicros ?? null,
        backend_start: s.startedAtMicros,
        application_name: s.setting('application_name'),
        client_addr: s.remoteHost,
        client_port: s.remotePort,
        pid: s.pid,
      };
    }),
});
