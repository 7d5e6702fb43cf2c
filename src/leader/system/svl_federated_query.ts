/**
 * SVL_FEDERATED_QUERY: federated sub-queries; there are no external schemas.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svl_federated_query',
  schema: 'pg_catalog',
  doc: 'federated sub-queries.',
  visibleTo: 'own-rows',
  without: 'external schemas',
  columns: columns(`
    userid integer, xid bigint, pid integer, query integer, sourcetype character(32),
    recordtime timestamp, querytext character(4000), num_rows bigint, num_bytes bigint,
    duration bigint
  `),
});
