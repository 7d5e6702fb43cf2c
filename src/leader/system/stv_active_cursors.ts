/** STV_ACTIVE_CURSORS: open cursors, with what of their results has come to them: a query runs on as rows are fetched. */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stv_active_cursors',
  schema: 'pg_catalog',
  doc: 'cursors that are open.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, name varchar(256), xid bigint, pid integer, starttime timestamp, row_count bigint,
    byte_count bigint, fetched_rows bigint
  `),
  rows: (ctx) =>
    ctx.services.sessions().flatMap((s) =>
      [...s.cursors.values()].map(({ name, declaredAtMicros, portal }) => ({
        userid: s.user.oid,
        name,
        xid: s.transaction?.xid ?? null,
        pid: s.pid,
        starttime: declaredAtMicros,
        row_count: portal.rowsCome,
        byte_count: portal.bytesCome,
        fetched_rows: portal.rowsGiven,
      })),
    ),
});
