/** SVL_TERMINATE: sessions that somebody ended, and statements that somebody cancelled. */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svl_terminate',
  schema: 'pg_catalog',
  doc: 'sessions that somebody ended, and statements that somebody cancelled.',
  visibleTo: 'superuser',
  columns: columns(`
    pid integer, eventtime timestamp, userid integer, type varchar(10)
  `),
  rows: (ctx) =>
    ctx.services.history
      .read('terminations')
      .map((t) => ({ pid: t.pid, eventtime: t.timeMicros, userid: t.userid, type: t.type })),
});
