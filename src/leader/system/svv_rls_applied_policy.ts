/**
 * SVV_RLS_APPLIED_POLICY: policies applied to a query; no record is kept of what queries met.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_rls_applied_policy',
  schema: 'pg_catalog',
  doc: 'policies applied to a query.',
  visibleTo: 'accessible',
  without: 'records of the policies that queries met',
  columns: columns(`
    username text, query integer, xid bigint, pid integer, recordtime timestamp,
    command character(1), datname text, relschema text, relname text, polname text,
    poldefault character(1)
  `),
});
