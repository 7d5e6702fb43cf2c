/**
 * information_schema.referential_constraints: foreign keys.
 */
import { keyIndexes, mayUse, schemaName, tablesOf } from '../catalog-rows.ts';
import { columns, systemView } from '../define.ts';

export default systemView({
  name: 'referential_constraints',
  schema: 'information_schema',
  doc: 'foreign keys.',
  visibleTo: 'accessible',
  functions: ['has_table_privilege(oid,text)'],
  columns: columns(`
    constraint_catalog varchar(128), constraint_schema varchar(128), constraint_name varchar(128),
    unique_constraint_catalog varchar(128), unique_constraint_schema varchar(128),
    unique_constraint_name varchar(128), match_option varchar(16), update_rule varchar(16),
    delete_rule varchar(16)
  `),
  rows: (ctx) =>
    tablesOf(ctx)
      .filter((t) => mayUse(ctx, t))
      .flatMap((t) =>
        t.constraints.flatMap((c) => {
          const target = c.references;
          if (target === undefined) return [];
          const key = keyIndexes(ctx).find(
            (i) => i.table.oid === target.tableId && i.constraint.attnums.join() === target.attnums.join(),
          );
          return [
            {
              constraint_catalog: ctx.catalog.database.name,
              constraint_schema: schemaName(ctx, t.schemaOid),
              constraint_name: c.name,
              unique_constraint_catalog: key === undefined ? null : ctx.catalog.database.name,
              unique_constraint_schema: key === undefined ? null : schemaName(ctx, key.table.schemaOid),
              unique_constraint_name: key?.name ?? null,
              match_option: 'NONE',
              update_rule: 'NO ACTION',
              delete_rule: 'NO ACTION',
            },
          ];
        }),
      ),
});
