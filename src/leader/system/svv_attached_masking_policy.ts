/**
 * SVV_ATTACHED_MASKING_POLICY: to which columns and whom masking policies are attached.
 */
import { granteeNamed } from '../catalog/grantees.ts';
import { schemaName, userName } from './catalog-rows.ts';
import { kindWord, seesPolicies } from './policy-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svv_attached_masking_policy',
  schema: 'pg_catalog',
  doc: 'to which columns and whom masking policies are attached.',
  visibleTo: 'accessible',
  columns: columns(`
    policy_name text, schema_name text, table_name text, table_type text, grantor text, grantee text,
    grantee_type text, priority integer, input_columns text, output_columns text, is_masking_datashare_on boolean
  `),
  rows: (ctx) =>
    !seesPolicies(ctx)
      ? []
      : ctx.catalog.relations().flatMap((relation) =>
          (relation.masks ?? []).map((mask) => {
            const to = granteeNamed(ctx.catalog, mask.grantee);
            const names = (attnums: readonly number[]): string =>
              JSON.stringify(attnums.map((a) => relation.columns.find((c) => c.attnum === a)?.name ?? null));
            return {
              policy_name: ctx.catalog.object('masking-policy', mask.policy)?.name ?? null,
              schema_name: schemaName(ctx, relation.schemaOid),
              table_name: relation.name,
              table_type: kindWord(relation),
              grantor: userName(ctx, mask.grantor),
              grantee: to.name ?? null,
              grantee_type: to.kind,
              priority: mask.priority,
              input_columns: names(mask.inputs),
              output_columns: names(mask.outputs),
              is_masking_datashare_on: false,
            };
          }),
        ),
});
