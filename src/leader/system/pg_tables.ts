/**
 * PG_TABLES: tables the reader may use. Columns nobody measures here are NULL and listed in `unknown`.
 */
import { userName } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';
import { listedRelations } from './relation-list.ts';

export default systemView({
  name: 'pg_tables',
  schema: 'pg_catalog',
  doc: 'tables the reader may use.',
  visibleTo: 'everyone',
  columnFunctions: { tableowner: 'pg_get_userbyid(integer)' },
  columns: columns(`
    schemaname name, tablename name, tableowner name, tablespace name, hasindexes boolean,
    hasrules boolean, hastriggers boolean
  `),
  unknown: ['tablespace'],
  rows: (ctx) =>
    listedRelations(ctx)
      .filter((r) => !r.isView)
      .map((r) => ({
        schemaname: r.schema,
        tablename: r.name,
        tableowner: userName(ctx, r.ownerOid),
        hasindexes: r.object?.kind === 'table' && r.object.constraints.some((c) => c.kind !== 'foreign'),
        hasrules: false,
        hastriggers: false,
      })),
});
