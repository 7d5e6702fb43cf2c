/** SYS_ANALYZE_HISTORY: runs of ANALYZE, as STL_ANALYZE has them. */
import { columns, viewOver } from './define.ts';
import stl_analyze from './stl_analyze.ts';

export default viewOver(stl_analyze, {
  name: 'sys_analyze_history',
  doc: 'runs of ANALYZE.',
  columns: columns(`
    user_id integer, transaction_id bigint, database_name character(30), schema_name character(128),
    table_name character(136), table_id integer, is_automatic character(1), status character(15),
    start_time timestamp, end_time timestamp, rows double precision, modified_rows double precision,
    analyze_threshold_percent integer, last_analyze_time timestamp
  `),
  of: {
    user_id: 'userid',
    transaction_id: 'xid',
    database_name: 'database',
    is_automatic: 'is_auto',
    start_time: 'starttime',
    end_time: 'endtime',
    analyze_threshold_percent: 'threshold_percent',
    last_analyze_time: 'prevtime',
  },
});
