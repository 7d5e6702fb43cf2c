/**
 * information_schema.tables: tables and views the reader may use. Columns nobody measures here are NULL and
 * listed in `unknown`.
 */
import { columns, systemView } from '../define.ts';
import { listedRelations } from '../relation-list.ts';

export default systemView({
  name: 'tables',
  schema: 'information_schema',
  doc: 'tables and views the reader may use.',
  visibleTo: 'accessible',
  functions: ['has_table_privilege(oid,text)'],
  columns: columns(`
    table_catalog varchar(128), table_schema varchar(128), table_name varchar(128),
    table_type varchar(128), self_referencing_column_name varchar(128),
    reference_generation varchar(128), user_defined_type_catalog varchar(128),
    user_defined_type_schema varchar(128), user_defined_name varchar(128)
  `),
  unknown: [
    'self_referencing_column_name',
    'reference_generation',
    'user_defined_type_catalog',
    'user_defined_type_schema',
    'user_defined_name',
  ],
  rows: (ctx) =>
    listedRelations(ctx).map((r) => ({
      table_catalog: ctx.catalog.database.name,
      table_schema: r.schema,
      table_name: r.name,
      table_type: r.isView ? 'VIEW' : r.temporary ? 'LOCAL TEMPORARY' : 'BASE TABLE',
    })),
});
