/**
 * information_schema.table_constraints: keys declared on tables the reader may use.
 */
import { mayUse, schemaName, tablesOf } from '../catalog-rows.ts';
import { columns, systemView } from '../define.ts';

export default systemView({
  name: 'table_constraints',
  schema: 'information_schema',
  doc: 'keys declared on tables the reader may use.',
  visibleTo: 'accessible',
  functions: ['has_table_privilege(oid,text)'],
  columns: columns(`
    constraint_catalog varchar(128), constraint_schema varchar(128), constraint_name varchar(128),
    table_catalog varchar(128), table_schema varchar(128), table_name varchar(128),
    constraint_type varchar(128), is_deferrable varchar(3), initially_deferred varchar(3),
    enforced varchar(3)
  `),
  rows: (ctx) =>
    tablesOf(ctx)
      .filter((t) => mayUse(ctx, t))
      .flatMap((t) => {
        const schema = schemaName(ctx, t.schemaOid);
        const database = ctx.catalog.database.name;
        return t.constraints.map((c) => ({
          constraint_catalog: database,
          constraint_schema: schema,
          constraint_name: c.name,
          table_catalog: database,
          table_schema: schema,
          table_name: t.name,
          constraint_type: c.kind === 'primary' ? 'PRIMARY KEY' : c.kind === 'unique' ? 'UNIQUE' : 'FOREIGN KEY',
          is_deferrable: 'NO',
          initially_deferred: 'NO',
          enforced: 'NO',
        }));
      }),
});
