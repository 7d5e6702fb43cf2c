/** SYS_SPATIAL_SIMPLIFY: SVL_SPATIAL_SIMPLIFY by its newer name. */
import { columns, systemView } from './define.ts';
import { simplificationRow } from './simplification-rows.ts';

export default systemView({
  name: 'sys_spatial_simplify',
  schema: 'pg_catalog',
  doc: 'what COPY of shapefiles simplified.',
  visibleTo: 'own-rows',
  columns: columns(`
    query_id bigint, line_number bigint, maximum_tolerance double precision, initial_size bigint,
    simplified character(1), final_size bigint, final_tolerance double precision
  `),
  rows: (ctx) =>
    ctx.services.history.read('simplifications').map((s) => ({ ...simplificationRow(s), query_id: s.query })),
});
