/**
 * SYS_UDF_LOG: rows; there are no user-defined functions in Python.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'sys_udf_log',
  schema: 'pg_catalog',
  doc: 'rows.',
  visibleTo: 'superuser',
  without: 'user-defined functions in Python',
  columns: columns(`
    query_id bigint, function_name text, record_time timestamp, sequence integer, message text,
    query_uuid character(36)
  `),
});
