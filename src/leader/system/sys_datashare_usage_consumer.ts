/**
 * SYS_DATASHARE_USAGE_CONSUMER: rows; no other warehouse takes part in datashares.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'sys_datashare_usage_consumer',
  schema: 'pg_catalog',
  doc: 'rows.',
  visibleTo: 'everyone',
  without: 'other warehouses that take part in datashares',
  columns: columns(`
    user_id integer, session_id integer, transaction_id bigint, request_id varchar(50),
    request_type varchar(25), transaction_uid varchar(50), record_time timestamp,
    status integer, error varchar(512)
  `),
});
