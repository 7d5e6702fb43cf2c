/**
 * SVV_DATASHARES: shares; there are no datashares.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_datashares',
  schema: 'pg_catalog',
  doc: 'shares.',
  visibleTo: 'accessible',
  without: 'datashares',
  columns: columns(`
    share_name varchar(128), share_id integer, share_owner integer,
    source_database varchar(128), consumer_database varchar(128), share_type varchar(8),
    createdate timestamp, is_publicaccessible boolean, share_acl varchar(256),
    producer_account varchar(16), producer_namespace varchar(64), managed_by varchar(64)
  `),
});
