/** SVV_ACTIVE_CURSORS: open cursors, as STV_ACTIVE_CURSORS has them. */
import { columns, viewOver } from './define.ts';
import stv_active_cursors from './stv_active_cursors.ts';

export default viewOver(stv_active_cursors, {
  name: 'svv_active_cursors',
  doc: 'open cursors.',
  columns: columns(`
    user_id integer, cursor_name varchar(256), transaction_id bigint, session_id integer,
    declare_time timestamp, total_rows bigint, total_bytes bigint, fetched_rows bigint
  `),
  of: {
    user_id: 'userid',
    cursor_name: 'name',
    transaction_id: 'xid',
    session_id: 'pid',
    declare_time: 'starttime',
    total_rows: 'row_count',
    total_bytes: 'byte_count',
  },
});
