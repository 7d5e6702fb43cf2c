/** STL_SESSIONS: sessions that have ended. */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stl_sessions',
  schema: 'pg_catalog',
  doc: 'sessions that have ended.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, starttime timestamp, endtime timestamp, process integer, user_name character(50),
    db_name character(50), timeout_sec integer, timed_out integer
  `),
  rows: (ctx) =>
    ctx.services.history.read('sessions').map((s) => ({
      userid: s.userid,
      starttime: s.startMicros,
      endtime: s.endMicros,
      process: s.pid,
      user_name: s.user,
      db_name: s.database,
      timeout_sec: s.timeout,
      timed_out: Number(s.isTimedOut),
    })),
});
