/**
 * SVV_MV_DEPENDENCY: relations that materialized views read.
 */
import { mayUse, schemaName } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svv_mv_dependency',
  schema: 'pg_catalog',
  doc: 'relations that materialized views read.',
  visibleTo: 'accessible',
  columns: columns(`
    database_name character(128), schema_name character(128), name character(128),
    dependent_database_name character(128), dependent_schema_name character(128),
    dependent_name character(128)
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
                    database_name: ctx.catalog.database.name,
                    schema_name: schemaName(ctx, r.schemaOid),
                    name: r.name,
                    dependent_database_name: ctx.catalog.database.name,
                    dependent_schema_name: schemaName(ctx, target.schemaOid),
                    dependent_name: target.name,
                  },
                ];
          }),
    ),
});
