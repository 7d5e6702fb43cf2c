/**
 * STV_TBL_PERM: tables as each slice holds them; rows include deleted ones not yet vacuumed. Columns nobody
 * measures here are NULL and listed in `unknown`.
 */
import { diststyleCode } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stv_tbl_perm',
  schema: 'pg_catalog',
  doc: 'tables as each slice holds them; rows include deleted ones not yet vacuumed.',
  visibleTo: 'superuser',
  columns: columns(`
    slice integer, id integer, name character(72), rows bigint, sorted_rows bigint, temp integer,
    db_id integer, insert_pristine integer, delete_pristine integer, backup integer, dist_style integer,
    block_count integer
  `),
  unknown: ['insert_pristine', 'delete_pristine'],
  rows: async (ctx) => {
    const slices = await ctx.services.slices.tables(ctx.session.cancelSignal);
    return slices.flatMap(({ slice, tables }) =>
      tables.map((t) => {
        const table = ctx.catalog.relationByOid(t.tableId);
        const known = table?.kind === 'table' ? table : undefined;
        return {
          slice: slice,
          id: t.tableId,
          name: known?.name ?? null,
          rows: t.rowCount,
          sorted_rows: t.sortedRowCount,
          temp: known === undefined ? null : known.temporary ? 1 : 0,
          db_id: known === undefined ? null : ctx.catalog.database.oid,
          backup: known === undefined ? null : known.backup ? 1 : 0,
          dist_style: known === undefined ? null : diststyleCode(known),
          block_count: t.blockCount,
        };
      }),
    );
  },
});
