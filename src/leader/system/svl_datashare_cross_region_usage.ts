/**
 * SVL_DATASHARE_CROSS_REGION_USAGE: cross-region datashare transfer; no other warehouse takes part in datashares.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svl_datashare_cross_region_usage',
  schema: 'pg_catalog',
  doc: 'cross-region datashare transfer.',
  visibleTo: 'superuser',
  without: 'other warehouses that take part in datashares',
  columns: columns(`
    query integer, segment integer, start_time timestamp, end_time timestamp,
    transferred_data bigint, source_region character(25)
  `),
});
