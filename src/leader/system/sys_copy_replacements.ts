/** SYS_COPY_REPLACEMENTS: records in which ACCEPTINVCHARS of a COPY replaced something, as STL_REPLACEMENTS has them. */
import { columns, viewOver } from './define.ts';
import stl_replacements from './stl_replacements.ts';

export default viewOver(stl_replacements, {
  name: 'sys_copy_replacements',
  doc: 'records in which ACCEPTINVCHARS of a COPY replaced something.',
  columns: columns(`
    user_id integer, query_id bigint, table_id integer, session_id integer, start_time timestamp,
    file_name character(256), line_number bigint, column_name character(127), raw_line character(1024)
  `),
  of: {
    user_id: 'userid',
    query_id: 'query',
    table_id: 'tbl',
    session_id: 'session',
    start_time: 'starttime',
    file_name: 'filename',
    column_name: 'colname',
  },
});
