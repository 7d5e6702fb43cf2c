/**
 * SYS_DATASHARE_CHANGE_LOG: datashare changes (column order unverified); changes are not logged.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'sys_datashare_change_log',
  schema: 'pg_catalog',
  doc: 'datashare changes (column order unverified).',
  visibleTo: 'everyone',
  without: 'a log of changes to datashares',
  columns: columns(`
    user_id integer, user_name varchar(128), session_id integer, transaction_id bigint,
    share_id integer, share_name varchar(128), source_database_id integer,
    source_database_name varchar(128), consumer_database_id integer,
    consumer_database_name varchar(128), record_time timestamp, action varchar(128),
    status integer, share_object_type varchar(64), share_object_id integer,
    share_object_name varchar(128), target_user_type varchar(16), target_user_id integer,
    target_user_name varchar(128), consumer_account varchar(16), consumer_namespace varchar(64),
    producer_account varchar(16), producer_namespace varchar(64)
  `),
});
