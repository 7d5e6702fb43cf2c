/**
 * SYS_PROCEDURE_CALL: calls of stored procedures.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'sys_procedure_call',
  schema: 'pg_catalog',
  doc: 'calls of stored procedures.',
  visibleTo: 'own-rows',
  unknown: ['query_uuid'],
  columns: columns(`
    session_user_id integer, security_user_id integer, query_id integer,
    query_text character(4000), start_time timestamp, end_time timestamp, status character(10),
    caller_procedure_query_id integer, query_uuid character(36)
  `),
  rows: (ctx) =>
    ctx.services.history.read('procedureCalls').map((c) => ({
      session_user_id: c.sessionUserid,
      security_user_id: c.userid,
      query_id: c.query,
      query_text: c.text,
      start_time: c.startMicros,
      end_time: c.endMicros,
      status: c.aborted === 1 ? 'failed' : 'success',
      caller_procedure_query_id: c.outer < 0 ? null : c.outer,
    })),
});
