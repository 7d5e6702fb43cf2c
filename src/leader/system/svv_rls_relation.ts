/**
 * SVV_RLS_RELATION: RLS relations; there are no row-level security policies.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_rls_relation',
  schema: 'pg_catalog',
  doc: 'RLS relations.',
  visibleTo: 'accessible',
  without: 'row-level security policies',
  columns: columns(`
    datname text, relschema text, relname text, relkind text, is_rls_on boolean,
    is_rls_datashare_on boolean, rls_conjunction_type character(3),
    rls_datashare_conjunction_type character(3)
  `),
});
