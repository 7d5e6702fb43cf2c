/**
 * SVV_GEOMETRY_COLUMNS: GEOMETRY columns of the relations the reader may use.
 */
import { columns, systemView } from './define.ts';
import { spatialColumns } from './spatial-columns.ts';

/** Of shapes that are given none. */
const SRID = 0;

export default systemView({
  name: 'svv_geometry_columns',
  schema: 'pg_catalog',
  doc: 'GEOMETRY columns of the relations the reader may use.',
  visibleTo: 'accessible',
  columns: columns(`
    f_table_catalog varchar(128), f_table_schema varchar(128), f_table_name varchar(128),
    f_geometry_column varchar(128), coord_dimension integer, srid integer, type varchar(30)
  `),
  rows: (ctx) => spatialColumns(ctx, 'geometry', SRID),
});
