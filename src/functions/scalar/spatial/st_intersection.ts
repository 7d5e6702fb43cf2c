/**
 * What two geometries of two dimensions have in common.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_intersection',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'What two geometries of two dimensions have in common.',
  signatures: [{ args: ['geometry', 'geometry'], returns: GEOMETRY }],
  examples: [
    [
      "st_astext(st_intersection(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'), st_geomfromtext('LINESTRING(-1 5,11 5)')))",
      'LINESTRING(0 5,10 5)',
    ],
    [
      "st_astext(st_intersection(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'), st_point(11, 11)))",
      'POINT EMPTY',
    ],
    [
      "st_intersection(st_makepoint(1, 2, 3), st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'))",
      'ERROR: geometries must be two-dimensional',
    ],
  ],
  spatial: 'st_intersection',
});
