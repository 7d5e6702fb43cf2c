/**
 * SVV_RLS_ATTACHED_POLICY: to which relations and whom policies of row-level security are attached.
 */
import { granteeNamed } from '../catalog/grantees.ts';
import { schemaName, userName } from './catalog-rows.ts';
import { guardedRelations, kindWord } from './policy-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svv_rls_attached_policy',
  schema: 'pg_catalog',
  doc: 'to which relations and whom policies of row-level security are attached.',
  visibleTo: 'accessible',
  columns: columns(`
    relschema text, relname text, relkind text, polname text, grantor text, grantee text, granteekind text,
    is_pol_on boolean, is_rls_on boolean, rls_conjunction_type character(3)
  `),
  rows: (ctx) =>
    guardedRelations(ctx).flatMap(({ relation, security }) =>
      security.policies.map(({ policy, grantee, grantor }) => {
        const to = granteeNamed(ctx.catalog, grantee);
        return {
          relschema: schemaName(ctx, relation.schemaOid),
          relname: relation.name,
          relkind: kindWord(relation),
          polname: ctx.catalog.object('rls-policy', policy)?.name ?? null,
          grantor: userName(ctx, grantor),
          grantee: to.name ?? null,
          granteekind: to.kind,
          is_pol_on: true,
          is_rls_on: security.on,
          rls_conjunction_type: security.conjunction,
        };
      }),
    ),
});
