/**
 * SVL_UDF_LOG: python UDF messages; there are no user-defined functions in Python.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svl_udf_log',
  schema: 'pg_catalog',
  doc: 'python UDF messages.',
  visibleTo: 'everyone',
  without: 'user-defined functions in Python',
  columns: columns(`
    query bigint, message character(4096), created timestamp, traceback character(4096),
    funcname character(128), node integer, slice integer, seq integer
  `),
});
