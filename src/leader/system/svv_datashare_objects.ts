/**
 * SVV_DATASHARE_OBJECTS: objects in shares; there are no datashares.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_datashare_objects',
  schema: 'pg_catalog',
  doc: 'objects in shares.',
  visibleTo: 'accessible',
  without: 'datashares',
  columns: columns(`
    share_type varchar(8), share_name varchar(128), object_type varchar(64),
    object_name varchar(512), producer_account varchar(16), producer_namespace varchar(64),
    include_new boolean
  `),
});
