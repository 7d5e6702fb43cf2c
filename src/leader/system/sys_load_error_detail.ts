/**
 * SYS_LOAD_ERROR_DETAIL: rows that COPY could not load.
 */
import { columns, systemView } from './define.ts';
import { seesAllRows } from './sight.ts';

export default systemView({
  name: 'sys_load_error_detail',
  schema: 'pg_catalog',
  doc: 'rows that COPY could not load.',
  visibleTo: 'accessible',
  columns: columns(`
    user_id integer, query_id bigint, transaction_id bigint, session_id integer,
    database_name character(64), table_id integer, start_time timestamp, file_name character(256),
    line_number bigint, column_name character(127), column_type character(10),
    column_length character(10), position integer, error_code integer, error_message character(512)
  `),
  rows: (ctx) =>
    ctx.services.history
      .read('loadErrors')
      .filter((e) => seesAllRows(ctx) || e.userid === ctx.session.user.oid)
      .map((e) => ({
        user_id: e.userid,
        query_id: e.query,
        session_id: e.session,
        transaction_id: e.xid ?? null,
        database_name: e.database ?? null,
        table_id: e.tableId,
        start_time: e.timeMicros,
        file_name: e.filename,
        line_number: e.line,
        column_name: e.column,
        column_type: e.type,
        column_length: e.columnLength,
        position: e.position,
        error_code: e.code,
        error_message: e.reason,
      })),
});
