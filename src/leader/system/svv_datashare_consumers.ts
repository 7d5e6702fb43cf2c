/**
 * SVV_DATASHARE_CONSUMERS: share consumers; there are no datashares.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_datashare_consumers',
  schema: 'pg_catalog',
  doc: 'share consumers.',
  visibleTo: 'accessible',
  without: 'datashares',
  columns: columns(`
    share_name varchar(128), consumer_account varchar(16), consumer_namespace varchar(64),
    share_date timestamp
  `),
});
