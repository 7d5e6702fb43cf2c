/**
 * SVL_QLOG: STL_QUERY with elapsed time and the first 60 characters of the text. Columns nobody measures here are
 * NULL and listed in `unknown`.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svl_qlog',
  schema: 'pg_catalog',
  doc: 'STL_QUERY with elapsed time and the first 60 characters of the text.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, xid bigint, pid integer, starttime timestamp, endtime timestamp,
    elapsed bigint, aborted integer, label character(320), substring character(60),
    source_query integer, concurrency_scaling_status_txt text, from_sp_call integer
  `),
  unknown: ['source_query', 'from_sp_call'],
  rows: (ctx) =>
    ctx.services.history.read('queries').map((q) => ({
      userid: q.userid,
      query: q.query,
      xid: q.xid,
      pid: q.pid,
      starttime: q.startMicros,
      endtime: q.endMicros,
      elapsed: q.endMicros - q.startMicros,
      aborted: q.aborted,
      label: q.label,
      substring: q.text.replaceAll('\n', '\\n').slice(0, 60),
      concurrency_scaling_status_txt: '0 - Ran on the main cluster',
    })),
});
