/** SYS_MV_STATE: materialized views that cannot be refreshed any more, as STL_MV_STATE has them. */
import { columns, viewOver } from './define.ts';
import stl_mv_state from './stl_mv_state.ts';

export default viewOver(stl_mv_state, {
  name: 'sys_mv_state',
  doc: 'materialized views that cannot be refreshed any more.',
  columns: columns(`
    user_id bigint, transaction_id bigint, database_name character(128), event_desc character(500),
    start_time timestamp, base_table_database_name character(128), base_table_schema character(128),
    base_table_name character(128), mv_schema character(128), mv_name character(128), state character(32)
  `),
  of: {
    user_id: 'userid',
    transaction_id: 'xid',
    database_name: 'db_name',
    start_time: 'starttime',
    base_table_database_name: 'db_name',
  },
});
