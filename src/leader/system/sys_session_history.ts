/** SYS_SESSION_HISTORY: sessions that are open or have ended. */
import { Sequence } from '../../common/sequence.ts';
import { idleSeconds } from '../session/idle-timeout.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'sys_session_history',
  schema: 'pg_catalog',
  doc: 'sessions that are open or have ended.',
  visibleTo: 'own-rows',
  columns: columns(`
    user_id integer, session_id integer, database_name character(50), status character(10),
    session_timeout integer, start_time timestamp, end_time timestamp
  `),
  rows: (ctx) => {
    const ended = ctx.services.history.read('sessions').map((s) => ({
      user_id: s.userid,
      session_id: s.pid,
      database_name: s.database,
      status: s.isTimedOut ? 'timed out' : 'closed',
      session_timeout: s.timeout,
      start_time: s.startMicros,
      end_time: s.endMicros,
    }));
    const open = ctx.services.sessions().map((s) => ({
      user_id: s.user.oid,
      session_id: s.pid,
      database_name: s.database,
      status: 'active',
      session_timeout: idleSeconds(s),
      start_time: s.startedAtMicros,
    }));
    return Sequence.of(ended, open);
  },
});
