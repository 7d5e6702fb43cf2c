/**
 * PG_INDEXES: primary and unique keys in the form of PostgreSQL's indexes. Columns nobody measures here are NULL
 * and listed in `unknown`.
 */
import { quoteName, quoteQualified } from '../catalog/names.ts';
import { keyIndexes, mayUse, schemaName } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_indexes',
  schema: 'pg_catalog',
  doc: "primary and unique keys in the form of PostgreSQL's indexes.",
  visibleTo: 'everyone',
  columnFunctions: { indexdef: 'pg_get_indexdef(oid)' },
  columns: columns(`
    schemaname name, tablename name, indexname name, tablespace name, indexdef text
  `),
  unknown: ['tablespace'],
  rows: (ctx) =>
    keyIndexes(ctx)
      .filter((i) => mayUse(ctx, i.table))
      .map((i) => {
        const schema = schemaName(ctx, i.table.schemaOid);
        const keys = i.columns.map((c) => quoteName(c.name)).join(', ');
        return {
          schemaname: schema,
          tablename: i.table.name,
          indexname: i.name,
          indexdef: `CREATE UNIQUE INDEX ${quoteName(i.name)} ON ${quoteQualified(schema, i.table.name)} USING btree (${keys})`,
        };
      }),
});
