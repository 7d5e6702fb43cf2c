/**
 * The least distance: of geometries in the plane, of points of type GEOGRAPHY in meters; NULL where one is
 * empty.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_distance',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The least distance: of geometries in the plane, of points of type GEOGRAPHY in meters; NULL where one is empty.',
  signatures: [
    { args: ['geometry', 'geometry'], returns: FLOAT8 },
    { args: ['geography', 'geography'], returns: FLOAT8, spatial: 'geo_distance' },
  ],
  examples: [
    ['st_distance(st_point(0, 0), st_point(3, 4))', '5'],
    ["st_distance(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'), st_point(5, 5))", '0'],
    ["st_distance(st_point(0, 0), st_geomfromtext('POINT EMPTY')) is null", 't'],
  ],
  spatial: 'st_distance',
});
