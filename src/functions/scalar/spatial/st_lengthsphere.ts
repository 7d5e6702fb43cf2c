/**
 * The length in meters of lines of longitudes and latitudes on a sphere of the mean radius of the earth.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_lengthsphere',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The length in meters of lines of longitudes and latitudes on a sphere of the mean radius of the earth.',
  signatures: [{ args: ['geometry'], returns: FLOAT8 }],
  examples: [
    ["st_lengthsphere(st_geomfromtext('LINESTRING(10 10,45 45)'))", '5127736.0829256'],
    ['st_lengthsphere(st_point(1, 2))', '0'],
  ],
  spatial: 'st_lengthsphere',
});
