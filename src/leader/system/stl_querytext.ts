/**
 * STL_QUERYTEXT: query texts in pieces of 200 characters.
 */
import { columns, systemView } from './define.ts';
import { textPieces } from './step-rows.ts';

export default systemView({
  name: 'stl_querytext',
  schema: 'pg_catalog',
  doc: 'query texts in pieces of 200 characters.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, xid bigint, pid integer, query integer, sequence integer, text character(200)
  `),
  rows: (ctx) =>
    ctx.services.history.read('queries').flatMap((q) =>
      textPieces(q.text).map((text, sequence) => ({
        userid: q.userid,
        xid: q.xid,
        pid: q.pid,
        query: q.query,
        sequence,
        text: text,
      })),
    ),
});
