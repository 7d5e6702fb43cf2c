/**
 * SYS_PROCEDURE_MESSAGES: messages of RAISE.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'sys_procedure_messages',
  schema: 'pg_catalog',
  doc: 'messages of RAISE.',
  visibleTo: 'own-rows',
  unknown: ['query_uuid'],
  columns: columns(`
    transaction_id bigint, query_id integer, record_time timestamp, log_level character(10),
    message character(1024), line_number integer, query_uuid character(36)
  `),
  rows: (ctx) =>
    ctx.services.history.read('procedureMessages').map((m) => ({
      transaction_id: m.xid,
      query_id: m.query,
      record_time: m.timeMicros,
      log_level: m.levelText,
      message: m.message,
      line_number: m.line,
    })),
});
