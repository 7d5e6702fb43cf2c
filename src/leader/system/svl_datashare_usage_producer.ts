/**
 * SVL_DATASHARE_USAGE_PRODUCER: datashare use, producer; no other warehouse takes part in datashares.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svl_datashare_usage_producer',
  schema: 'pg_catalog',
  doc: 'datashare use, producer.',
  visibleTo: 'everyone',
  without: 'other warehouses that take part in datashares',
  columns: columns(`
    share_id integer, share_name varchar(128), request_id varchar(50), request_type varchar(25),
    object_type varchar(64), object_oid integer, object_name varchar(128),
    consumer_account varchar(16), consumer_namespace varchar(64),
    consumer_transaction_uid varchar(50), recordtime timestamp, status integer,
    error varchar(512), consumer_region character(64)
  `),
});
