/**
 * SVV_RLS_ATTACHED_POLICY: policy attachments; there are no row-level security policies.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_rls_attached_policy',
  schema: 'pg_catalog',
  doc: 'policy attachments.',
  visibleTo: 'accessible',
  without: 'row-level security policies',
  columns: columns(`
    relschema text, relname text, relkind text, polname text, grantor text, grantee text,
    granteekind text, is_pol_on boolean, is_rls_on boolean, rls_conjunction_type character(3)
  `),
});
