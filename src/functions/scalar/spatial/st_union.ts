/**
 * Two points, polygons or several of them as one, without overlaps.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_union',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Two points, polygons or several of them as one, without overlaps.',
  signatures: [{ args: ['geometry', 'geometry'], returns: GEOMETRY }],
  examples: [
    [
      "st_astext(st_union(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'), st_geomfromtext('POLYGON((10 0,20 0,20 10,10 10,10 0))')))",
      'POLYGON((0 0,0 10,20 10,20 0,0 0))',
    ],
    [
      "st_union(st_geomfromtext('LINESTRING(0 0,3 4)'), st_geomfromtext('LINESTRING(0 0,3 4)'))",
      'ERROR: linestrings are not supported',
    ],
  ],
  spatial: 'st_union',
});
