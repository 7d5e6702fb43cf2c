/**
 * SVV_RLS_RELATION: relations with row-level security or policies of it.
 */
import { schemaName } from './catalog-rows.ts';
import { guardedRelations, kindWord } from './policy-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svv_rls_relation',
  schema: 'pg_catalog',
  doc: 'relations with row-level security or policies of it.',
  visibleTo: 'accessible',
  columns: columns(`
    datname text, relschema text, relname text, relkind text, is_rls_on boolean, is_rls_datashare_on boolean,
    rls_conjunction_type character(3), rls_datashare_conjunction_type character(3)
  `),
  rows: (ctx) =>
    guardedRelations(ctx).map(({ relation, security }) => ({
      datname: ctx.catalog.database.name,
      relschema: schemaName(ctx, relation.schemaOid),
      relname: relation.name,
      relkind: kindWord(relation),
      is_rls_on: security.on,
      is_rls_datashare_on: false,
      rls_conjunction_type: security.conjunction,
      rls_datashare_conjunction_type: null,
    })),
});
