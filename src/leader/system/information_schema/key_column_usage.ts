/**
 * information_schema.key_column_usage: columns of declared keys.
 */
import { mayUse, schemaName, tablesOf } from '../catalog-rows.ts';
import { columns, systemView } from '../define.ts';

export default systemView({
  name: 'key_column_usage',
  schema: 'information_schema',
  doc: 'columns of declared keys.',
  visibleTo: 'accessible',
  functions: ['has_table_privilege(oid,text)'],
  columns: columns(`
    constraint_catalog varchar(128), constraint_schema varchar(128), constraint_name varchar(128),
    table_catalog varchar(128), table_schema varchar(128), table_name varchar(128),
    column_name varchar(128), ordinal_position integer, position_in_unique_constraint integer
  `),
  rows: (ctx) =>
    tablesOf(ctx)
      .filter((t) => mayUse(ctx, t))
      .flatMap((t) => {
        const schema = schemaName(ctx, t.schemaOid);
        const database = ctx.catalog.database.name;
        return t.constraints.flatMap((c) =>
          c.attnums.map((attnum, i) => ({
            constraint_catalog: database,
            constraint_schema: schema,
            constraint_name: c.name,
            table_catalog: database,
            table_schema: schema,
            table_name: t.name,
            column_name: t.columns.find((x) => x.attnum === attnum)?.name ?? null,
            ordinal_position: i + 1,
            position_in_unique_constraint: c.kind === 'foreign' ? i + 1 : null,
          })),
        );
      }),
});
