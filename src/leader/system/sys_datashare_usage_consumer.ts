/**
 * SYS_DATASHARE_USAGE_CONSUMER: rows; there are no datashares.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'sys_datashare_usage_consumer',
  schema: 'pg_catalog',
  doc: 'rows.',
  visibleTo: 'everyone',
  without: 'datashares',
  columns: columns(`
    user_id integer, session_id integer, transaction_id bigint, request_id varchar(50),
    request_type varchar(25), transaction_uid varchar(50), record_time timestamp,
    status integer, error varchar(512)
  `),
});
