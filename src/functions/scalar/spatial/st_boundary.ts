/**
 * The ends of lines, the rings of areas.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_boundary',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The ends of lines, the rings of areas.',
  signatures: [{ args: ['geometry'], returns: GEOMETRY }],
  examples: [
    ["st_astext(st_boundary(st_geomfromtext('POLYGON((0 0,10 0,0 10,0 0))')))", 'LINESTRING(0 0,10 0,0 10,0 0)'],
    ["st_astext(st_boundary(st_geomfromtext('LINESTRING(0 0,3 4)')))", 'MULTIPOINT((0 0),(3 4))'],
    ['st_astext(st_boundary(st_point(1, 2)))', 'GEOMETRYCOLLECTION EMPTY'],
  ],
  spatial: 'st_boundary',
});
