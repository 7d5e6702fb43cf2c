/**
 * STL_USAGE_CONTROL: usage limit hits; there are no usage limits.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'stl_usage_control',
  schema: 'pg_catalog',
  doc: 'usage limit hits.',
  visibleTo: 'superuser',
  without: 'usage limits',
  columns: columns(`
    eventtime timestamp, query integer, xid bigint, pid integer, usage_limit_id character(40),
    feature_type character(30)
  `),
});
