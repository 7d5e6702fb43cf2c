/**
 * SYS_PROCEDURE_CALL: rows; there are no stored procedures.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'sys_procedure_call',
  schema: 'pg_catalog',
  doc: 'rows.',
  visibleTo: 'everyone',
  without: 'stored procedures',
  columns: columns(`
    session_user_id integer, security_user_id integer, query_id integer,
    query_text character(4000), start_time timestamp, end_time timestamp, status character(10),
    caller_procedure_query_id integer, query_uuid character(36)
  `),
});
