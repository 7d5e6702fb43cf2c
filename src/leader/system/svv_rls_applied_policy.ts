/**
 * SVV_RLS_APPLIED_POLICY: policies applied to a query; there are no row-level security policies.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_rls_applied_policy',
  schema: 'pg_catalog',
  doc: 'policies applied to a query.',
  visibleTo: 'accessible',
  without: 'row-level security policies',
  columns: columns(`
    username text, query integer, xid bigint, pid integer, recordtime timestamp,
    command character(1), datname text, relschema text, relname text, polname text,
    poldefault character(1)
  `),
});
