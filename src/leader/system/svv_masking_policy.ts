/**
 * SVV_MASKING_POLICY: masking policies; there are no masking policies.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_masking_policy',
  schema: 'pg_catalog',
  doc: 'masking policies.',
  visibleTo: 'accessible',
  without: 'masking policies',
  columns: columns(`
    policy_database text, policy_name text, input_columns text, policy_expression text,
    policy_modified_by text, policy_modified_time timestamp
  `),
});
