/**
 * STV_INFLIGHT: queries running now. The query number is the session's newest one. Columns nobody measures here
 * are NULL and listed in `unknown`.
 */
import { LEADER_SLICE } from '../history/record-steps.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stv_inflight',
  schema: 'pg_catalog',
  doc: "queries running now. The query number is the session's newest one.",
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, slice integer, query integer, label character(320), xid bigint, pid integer,
    starttime timestamp, text character(100), suspended integer, insert_pristine integer,
    concurrency_scaling_status integer
  `),
  rows: (ctx) =>
    ctx.services.sessions().flatMap((s) =>
      s.activity === undefined || s.last.queryId === 0
        ? []
        : [
            {
              userid: s.user.oid,
              slice: LEADER_SLICE,
              query: s.last.queryId,
              label: s.setting('query_group'),
              xid: s.transaction?.xid ?? 0,
              pid: s.pid,
              starttime: s.activity.startedAtMicros,
              text: s.activity.text.replaceAll('\n', '\\n'),
              suspended: 0,
              insert_pristine: 0,
              concurrency_scaling_status: 0,
            },
          ],
    ),
});
