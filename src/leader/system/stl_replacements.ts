/** STL_REPLACEMENTS: records in which ACCEPTINVCHARS of a COPY replaced something. */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stl_replacements',
  schema: 'pg_catalog',
  doc: 'records in which ACCEPTINVCHARS of a COPY replaced something.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, tbl integer, starttime timestamp, session integer,
    filename character(256), line_number bigint, colname character(127), raw_line character(1024)
  `),
  rows: (ctx) =>
    ctx.services.history.read('replacements').map((r) => ({
      userid: r.userid,
      query: r.query,
      slice: r.slice,
      tbl: r.tableId,
      starttime: r.startMicros,
      session: r.pid,
      filename: r.filename,
      line_number: r.line,
      colname: r.column,
      raw_line: r.rawLine,
    })),
});
