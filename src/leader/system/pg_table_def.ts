/**
 * PG_TABLE_DEF: columns of tables in the schemas of the search path.
 */
import { formatType } from '../../types/sql-type.ts';
import { columns, systemView } from './define.ts';
import { userRelations } from './relation-list.ts';

export default systemView({
  name: 'pg_table_def',
  schema: 'pg_catalog',
  doc: 'columns of tables in the schemas of the search path.',
  visibleTo: 'accessible',
  functions: ['pg_table_is_visible(oid)', 'format_type(oid,integer)', 'format_encoding(integer)'],
  columns: columns(`
    schemaname name, tablename name, column name, type text, encoding character(32), distkey boolean,
    sortkey integer, notnull boolean
  `),
  rows: (ctx) => {
    const path = new Set(['pg_catalog', ...ctx.session.searchPath()]);
    return userRelations(ctx)
      .filter((r) => path.has(r.schema) && !r.isView)
      .flatMap((r) =>
        r.columns.map((c) => ({
          schemaname: r.schema,
          tablename: r.name,
          column: c.name,
          type: formatType(c.type),
          encoding: c.encoding === 'raw' ? 'none' : c.encoding,
          distkey: c.distkey,
          sortkey: c.sortkey,
          notnull: c.notNull,
        })),
      );
  },
});
