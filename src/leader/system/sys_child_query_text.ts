/** SYS_CHILD_QUERY_TEXT: texts of queries in pieces of 200 characters; each number stands for one query, its own first child. */
import { textPieces } from './step-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'sys_child_query_text',
  schema: 'pg_catalog',
  doc: 'texts of the queries that a statement became, in pieces of 200 characters.',
  visibleTo: 'own-rows',
  columns: columns(`
    user_id integer, query_id bigint, child_query_sequence integer, sequence integer, text character(200),
    query_uuid character(36)
  `),
  unknown: ['query_uuid'],
  rows: (ctx) =>
    ctx.services.history.read('queries').flatMap((q) =>
      textPieces(q.text).map((text, sequence) => ({
        user_id: q.userid,
        query_id: q.query,
        child_query_sequence: 1,
        sequence,
        text,
      })),
    ),
});
