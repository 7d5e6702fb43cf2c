/**
 * SYS_UNLOAD_DETAIL: files that UNLOAD wrote.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'sys_unload_detail',
  schema: 'pg_catalog',
  doc: 'files that UNLOAD wrote.',
  visibleTo: 'own-rows',
  columns: columns(`
    user_id integer, query_id integer, session_id integer, transaction_id bigint, file_name character(1280),
    start_time timestamp, end_time timestamp, line_count bigint, transfer_size bigint, file_format character(10)
  `),
  rows: (ctx) =>
    ctx.services.history.read('unloads').map((u) => ({
      user_id: u.userid,
      query_id: u.query,
      session_id: u.pid ?? null,
      transaction_id: u.xid ?? null,
      file_name: u.path,
      start_time: u.startMicros,
      end_time: u.endMicros,
      line_count: u.lines,
      transfer_size: u.bytes,
      file_format: u.format ?? null,
    })),
});
