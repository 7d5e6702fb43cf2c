/**
 * SVV_QUERY_INFLIGHT: texts of queries running now, in pieces of 200 characters. Columns nobody measures here are
 * NULL and listed in `unknown`.
 */
import { columns, systemView } from './define.ts';
import { LEADER_SLICE, textPieces } from './step-rows.ts';

export default systemView({
  name: 'svv_query_inflight',
  schema: 'pg_catalog',
  doc: 'texts of queries running now, in pieces of 200 characters.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, slice integer, query integer, pid integer, starttime timestamp, suspended integer,
    text character(200), sequence integer
  `),
  rows: (ctx) =>
    ctx.services.sessions().flatMap((s) => {
      const { activity } = s;
      if (activity === undefined || s.last.queryId === 0) return [];
      return textPieces(activity.text).map((text, sequence) => ({
        userid: s.user.oid,
        slice: LEADER_SLICE,
        query: s.last.queryId,
        pid: s.pid,
        starttime: activity.startedAtMicros,
        suspended: 0,
        text: text,
        sequence: sequence,
      }));
    }),
});
