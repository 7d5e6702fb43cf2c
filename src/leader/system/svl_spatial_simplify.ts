/**
 * SVL_SPATIAL_SIMPLIFY: what COPY of shapefiles simplified: a row for each shape that SIMPLIFY AUTO found too large, and one for all
 * of a COPY with SIMPLIFY and a tolerance, which says nothing of single shapes.
 */
import { columns, systemView } from './define.ts';
import { simplificationRow } from './simplification-rows.ts';

export default systemView({
  name: 'svl_spatial_simplify',
  schema: 'pg_catalog',
  doc: 'what COPY of shapefiles simplified.',
  visibleTo: 'own-rows',
  columns: columns(`
    query integer, line_number integer, maximum_tolerance double precision, initial_size integer,
    simplified character(1), final_size integer, final_tolerance double precision
  `),
  rows: (ctx) =>
    ctx.services.history.read('simplifications').map((s) => ({ ...simplificationRow(s), query: s.query })),
});
