/**
 * STV_RECENTS: statements running now and those that finished last.
 */
import { userName } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';

/** Finished statements shown. */
const RECENT_MAX = 100;

export default systemView({
  name: 'stv_recents',
  schema: 'pg_catalog',
  doc: 'statements running now and those that finished last.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, status character(20), starttime timestamp, duration integer,
    user_name character(50), db_name character(50), query character(600), pid integer
  `),
  rows: (ctx) => {
    const now = ctx.services.clock.nowMicros();
    const running = ctx.services.sessions().flatMap((s) =>
      s.activity === undefined
        ? []
        : [
            {
              userid: s.user.oid,
              status: 'Running',
              starttime: s.activity.startedAtMicros,
              duration: now - s.activity.startedAtMicros,
              user_name: s.user.name,
              db_name: s.database,
              query: s.activity.text,
              pid: s.pid,
            },
          ],
    );
    const done = ctx.services.history
      .newest('queries', RECENT_MAX)
      .reverse()
      .map((q) => ({
        userid: q.userid,
        status: 'Done',
        starttime: q.startMicros,
        duration: q.endMicros - q.startMicros,
        user_name: userName(ctx, q.userid),
        db_name: q.database,
        query: q.text,
        pid: -1,
      }));
    return [...running, ...done];
  },
});
