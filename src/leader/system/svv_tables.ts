/**
 * SVV_TABLES: tables and views the reader may use.
 */
import { columns, systemView } from './define.ts';
import { listedRelations } from './relation-list.ts';

export default systemView({
  name: 'svv_tables',
  schema: 'pg_catalog',
  doc: 'tables and views the reader may use.',
  visibleTo: 'accessible',
  columns: columns(`
    table_catalog text, table_schema text, table_name text, table_type text, remarks text
  `),
  rows: (ctx) =>
    listedRelations(ctx).map((r) => ({
      table_catalog: ctx.catalog.database.name,
      table_schema: r.schema,
      table_name: r.name,
      table_type: r.isView ? 'VIEW' : 'BASE TABLE',
      remarks: r.comment,
    })),
});
