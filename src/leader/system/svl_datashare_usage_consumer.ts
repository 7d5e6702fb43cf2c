/**
 * SVL_DATASHARE_USAGE_CONSUMER: datashare use, consumer; no other warehouse takes part in datashares.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svl_datashare_usage_consumer',
  schema: 'pg_catalog',
  doc: 'datashare use, consumer.',
  visibleTo: 'own-rows',
  without: 'other warehouses that take part in datashares',
  columns: columns(`
    userid integer, pid integer, xid bigint, request_id varchar(50), request_type varchar(25),
    transaction_uid varchar(50), recordtime timestamp, status integer, error varchar(512)
  `),
});
