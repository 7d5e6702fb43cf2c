/**
 * SVV_RLS_POLICY: policies of row-level security, for whoever manages them.
 */
import { userName } from './catalog-rows.ts';
import { columnsText, seesPolicies } from './policy-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svv_rls_policy',
  schema: 'pg_catalog',
  doc: 'policies of row-level security, for whoever manages them.',
  visibleTo: 'accessible',
  columns: columns(`
    poldb text, polname text, polalias text, polatts text, polqual text, polenabled boolean,
    polmodifiedby text, polmodifiedtime timestamp
  `),
  rows: (ctx) =>
    !seesPolicies(ctx)
      ? []
      : ctx.catalog.objects('rls-policy').map((policy) => ({
          poldb: ctx.catalog.database.name,
          polname: policy.name,
          polalias: policy.alias ?? null,
          polatts: columnsText(policy.columns),
          polqual: policy.using,
          polenabled: true,
          polmodifiedby: userName(ctx, policy.modifiedBy),
          polmodifiedtime: policy.modifiedAtMicros,
        })),
});
