/**
 * information_schema.constraint_column_usage: columns that declared keys rest on: the key itself, or the table a
 * foreign key points at.
 */
import { mayUse, schemaName, tablesOf } from '../catalog-rows.ts';
import { columns, systemView } from '../define.ts';

export default systemView({
  name: 'constraint_column_usage',
  schema: 'information_schema',
  doc: 'columns that declared keys rest on: the key itself, or the table a foreign key points at.',
  visibleTo: 'accessible',
  functions: ['has_table_privilege(oid,text)'],
  columns: columns(`
    table_catalog varchar(128), table_schema varchar(128), table_name varchar(128),
    column_name varchar(128), constraint_catalog varchar(128), constraint_schema varchar(128),
    constraint_name varchar(128)
  `),
  rows: (ctx) =>
    tablesOf(ctx)
      .filter((t) => mayUse(ctx, t))
      .flatMap((t) =>
        t.constraints.flatMap((c) => {
          const target = c.references === undefined ? t : ctx.catalog.relationByOid(c.references.tableId);
          if (target === undefined) return [];
          return (c.references?.attnums ?? c.attnums).map((attnum) => ({
            table_catalog: ctx.catalog.database.name,
            table_schema: schemaName(ctx, target.schemaOid),
            table_name: target.name,
            column_name: target.columns.find((x) => x.attnum === attnum)?.name ?? null,
            constraint_catalog: ctx.catalog.database.name,
            constraint_schema: schemaName(ctx, t.schemaOid),
            constraint_name: c.name,
          }));
        }),
      ),
});
