/**
 * SYS_QUERY_TEXT: query texts in pieces of 4000 characters. Columns nobody measures here are NULL and listed in
 * `unknown`.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'sys_query_text',
  schema: 'pg_catalog',
  doc: 'query texts in pieces of 4000 characters.',
  visibleTo: 'own-rows',
  columns: columns(`
    user_id integer, query_id bigint, transaction_id bigint, session_id integer, start_time timestamp,
    sequence integer, text character(4000), query_uuid character(36)
  `),
  unknown: ['query_uuid'],
  rows: (ctx) =>
    ctx.services.history.read('queries').flatMap((q) =>
      Array.from({ length: Math.max(1, Math.ceil(q.text.length / 4000)) }, (_, sequence) => ({
        user_id: q.userid,
        query_id: q.query,
        transaction_id: q.xid,
        session_id: q.pid,
        start_time: q.startMicros,
        sequence: sequence,
        text: q.text.slice(sequence * 4000, (sequence + 1) * 4000),
      })),
    ),
});
