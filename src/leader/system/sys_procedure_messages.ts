/**
 * SYS_PROCEDURE_MESSAGES: rows; there are no stored procedures.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'sys_procedure_messages',
  schema: 'pg_catalog',
  doc: 'rows.',
  visibleTo: 'everyone',
  without: 'stored procedures',
  columns: columns(`
    transaction_id bigint, query_id integer, record_time timestamp, log_level character(10),
    message character(1024), line_number integer, query_uuid character(36)
  `),
});
