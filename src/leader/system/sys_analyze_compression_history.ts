/** SYS_ANALYZE_COMPRESSION_HISTORY: encodings chosen by COPY, as STL_ANALYZE_COMPRESSION has them. */
import { columns, viewOver } from './define.ts';
import stl_analyze_compression from './stl_analyze_compression.ts';

export default viewOver(stl_analyze_compression, {
  name: 'sys_analyze_compression_history',
  doc: 'encodings chosen by COPY.',
  columns: columns(`
    user_id integer, start_time timestamp, transaction_id bigint, table_id integer,
    table_name character(128), column_position integer, old_encoding character(15),
    new_encoding character(15), mode character(14)
  `),
  of: { user_id: 'userid', transaction_id: 'xid', table_id: 'tbl', table_name: 'tablename', column_position: 'col' },
});
