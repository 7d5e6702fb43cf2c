/**
 * SVV_ATTACHED_MASKING_POLICY: attached masking policies (also sys:secadmin); there are no masking policies.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_attached_masking_policy',
  schema: 'pg_catalog',
  doc: 'attached masking policies (also sys:secadmin).',
  visibleTo: 'accessible',
  without: 'masking policies',
  columns: columns(`
    policy_name text, schema_name text, table_name text, table_type text, grantor text,
    grantee text, grantee_type text, priority integer, input_columns text, output_columns text,
    is_masking_datashare_on boolean
  `),
});
