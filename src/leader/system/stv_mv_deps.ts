/**
 * STV_MV_DEPS: relations that materialized views read.
 */
import { mayUse, schemaName } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stv_mv_deps',
  schema: 'pg_catalog',
  doc: 'relations that materialized views read.',
  visibleTo: 'accessible',
  columns: columns(`
    db_name character(128), schema character(128), name character(128), ref_schema character(128),
    ref_name character(128), ref_database_name character(128)
  `),
  rows: (ctx) =>
    ctx.catalog.relations().flatMap((r) =>
      r.kind !== 'materialized view' || !mayUse(ctx, r)
        ? []
        : r.dependsOn.flatMap(({ oid }) => {
            const target = ctx.catalog.relationByOid(oid);
            return target === undefined
              ? []
              : [
                  {
                    db_name: ctx.catalog.database.name,
                    schema: schemaName(ctx, r.schemaOid),
                    name: r.name,
                    ref_schema: schemaName(ctx, target.schemaOid),
                    ref_name: target.name,
                    ref_database_name: ctx.catalog.database.name,
                  },
                ];
          }),
    ),
});
