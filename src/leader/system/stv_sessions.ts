/**
 * STV_SESSIONS: open sessions.
 */
import { idleSeconds } from '../session/idle-timeout.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stv_sessions',
  schema: 'pg_catalog',
  doc: 'open sessions.',
  visibleTo: 'everyone',
  columns: columns(`
    starttime timestamp, process integer, user_name character(50), db_name character(50),
    timeout_sec integer
  `),
  rows: (ctx) =>
    ctx.services.sessions().map((s) => ({
      starttime: s.startedAtMicros,
      process: s.pid,
      user_name: s.user.name,
      db_name: s.database,
      timeout_sec: idleSeconds(s),
    })),
});
