/**
 * STL_LOADERROR_DETAIL: the value that made COPY refuse a row.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stl_loaderror_detail',
  schema: 'pg_catalog',
  doc: 'the value that made COPY refuse a row.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, slice integer, session integer, query integer, filename character(256),
    line_number bigint, field integer, colname character(1024), value character(1024), is_null integer,
    type character(10), col_length character(10)
  `),
  rows: (ctx) =>
    ctx.services.history.read('loadErrors').map((e) => ({
      userid: e.userid,
      slice: e.slice,
      session: e.session,
      query: e.query,
      filename: e.filename,
      line_number: e.line,
      field: e.field ?? null,
      colname: e.column,
      value: e.rawValue,
      is_null: e.rawValue === '' ? 1 : 0,
      type: e.type,
      col_length: e.columnLength,
    })),
});
