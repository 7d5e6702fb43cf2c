/**
 * SVV_MASKING_POLICY: masking policies, for whoever manages them.
 */
import { userName } from './catalog-rows.ts';
import { columnsText, seesPolicies } from './policy-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svv_masking_policy',
  schema: 'pg_catalog',
  doc: 'masking policies, for whoever manages them.',
  visibleTo: 'accessible',
  columns: columns(`
    policy_database text, policy_name text, input_columns text, policy_expression text, policy_modified_by text,
    policy_modified_time timestamp
  `),
  rows: (ctx) =>
    !seesPolicies(ctx)
      ? []
      : ctx.catalog.objects('masking-policy').map((policy) => ({
          policy_database: ctx.catalog.database.name,
          policy_name: policy.name,
          input_columns: columnsText(policy.columns),
          policy_expression: policy.using,
          policy_modified_by: userName(ctx, policy.modifiedBy),
          policy_modified_time: policy.modifiedAtMicros,
        })),
});
