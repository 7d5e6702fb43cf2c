/** STL_USERLOG: users that were made, changed and dropped, by transactions that committed. */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stl_userlog',
  schema: 'pg_catalog',
  doc: 'users that were made, changed and dropped.',
  visibleTo: 'superuser',
  columns: columns(`
    userid integer, username character(50), oldusername character(50), action character(10),
    usecreatedb integer, usesuper integer, usecatupd integer, valuntil timestamp, pid integer, xid bigint,
    recordtime timestamp
  `),
  rows: (ctx) =>
    ctx.services.history.read('userChanges').map((u) => ({
      userid: u.userid,
      username: u.name,
      oldusername: u.oldName,
      action: u.action,
      usecreatedb: Number(u.createdb),
      usesuper: Number(u.superuser),
      usecatupd: Number(u.superuser),
      valuntil: u.validUntil ?? null,
      pid: u.pid,
      xid: u.xid,
      recordtime: u.timeMicros,
    })),
});
