/**
 * SVL_DATASHARE_CHANGE_LOG: datashare changes; changes are not logged.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svl_datashare_change_log',
  schema: 'pg_catalog',
  doc: 'datashare changes.',
  visibleTo: 'own-rows',
  without: 'a log of changes to datashares',
  columns: columns(`
    userid integer, username character(128), pid integer, xid bigint, share_id integer,
    share_name character(128), source_database_id integer, source_database_name character(128),
    consumer_database_id integer, consumer_database_name character(128), recordtime timestamp,
    action character(128), status integer, share_object_type character(64),
    share_object_id integer, share_object_name character(128), target_user_type character(16),
    target_userid integer, target_username character(128), consumer_account character(16),
    consumer_namespace character(64), producer_account character(16),
    producer_namespace character(64)
  `),
});
