/**
 * STL_QUERY: queries that finished, with their text; DDL and utility statements stand in STL_DDLTEXT and
 * STL_UTILITYTEXT.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stl_query',
  schema: 'pg_catalog',
  doc:
    'queries that finished, with their text; DDL and utility statements stand in STL_DDLTEXT and ' +
    'STL_UTILITYTEXT.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, label character(320), xid bigint, pid integer,
    database character(32), querytxt character(4000), starttime timestamp, endtime timestamp,
    aborted integer, insert_pristine integer, concurrency_scaling_status integer
  `),
  rows: (ctx) =>
    ctx.services.history.read('queries').map((q) => ({
      userid: q.userid,
      query: q.query,
      label: q.label,
      xid: q.xid,
      pid: q.pid,
      database: q.database,
      querytxt: q.text.replaceAll('\n', '\\n'),
      starttime: q.startMicros,
      endtime: q.endMicros,
      aborted: q.aborted,
      insert_pristine: 0,
      concurrency_scaling_status: 0,
    })),
});
