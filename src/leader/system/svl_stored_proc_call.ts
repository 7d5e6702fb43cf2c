/**
 * SVL_STORED_PROC_CALL: calls of stored procedures, by clients and from other procedures.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svl_stored_proc_call',
  schema: 'pg_catalog',
  doc: 'calls of stored procedures, by clients and from other procedures.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, session_userid integer, query integer, label character(320), xid bigint,
    pid integer, database character(32), querytxt character(4000), starttime timestamp,
    endtime timestamp, aborted integer, from_sp_call integer
  `),
  rows: (ctx) =>
    ctx.services.history.read('procedureCalls').map((c) => ({
      userid: c.userid,
      session_userid: c.sessionUserid,
      query: c.query,
      label: c.label,
      xid: c.xid,
      pid: c.pid,
      database: c.database,
      querytxt: c.text,
      starttime: c.startMicros,
      endtime: c.endMicros,
      aborted: c.aborted,
      from_sp_call: c.outer < 0 ? null : c.outer,
    })),
});
