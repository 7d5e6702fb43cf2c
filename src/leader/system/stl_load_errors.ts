/**
 * STL_LOAD_ERRORS: rows that COPY could not load.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stl_load_errors',
  schema: 'pg_catalog',
  doc: 'rows that COPY could not load.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, slice integer, tbl integer, starttime timestamp, session integer, query integer,
    filename character(256), line_number bigint, colname character(127), type character(10),
    col_length character(10), position integer, raw_line character(1024),
    raw_field_value character(1024), err_code integer, err_reason character(100), is_partial integer,
    start_offset bigint, copy_job_id bigint
  `),
  rows: (ctx) =>
    ctx.services.history.read('loadErrors').map((e) => ({
      userid: e.userid,
      slice: e.slice,
      tbl: e.tableId,
      starttime: e.timeMicros,
      session: e.session,
      query: e.query,
      filename: e.filename,
      line_number: e.line,
      colname: e.column,
      type: e.type,
      col_length: e.columnLength,
      position: e.position,
      raw_line: e.rawLine,
      raw_field_value: e.rawValue,
      err_code: e.code,
      err_reason: e.reason,
      is_partial: 0,
      start_offset: 0,
      copy_job_id: e.copyJob ?? -1,
    })),
});
