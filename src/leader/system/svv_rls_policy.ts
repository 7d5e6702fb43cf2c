/**
 * SVV_RLS_POLICY: policies; there are no row-level security policies.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_rls_policy',
  schema: 'pg_catalog',
  doc: 'policies.',
  visibleTo: 'accessible',
  without: 'row-level security policies',
  columns: columns(`
    poldb text, polname text, polalias text, polatts text, polqual text, polenabled boolean,
    polmodifiedby text, polmodifiedtime timestamp
  `),
});
