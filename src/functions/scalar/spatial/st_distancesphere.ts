/**
 * The distance of two points of longitude and latitude on a sphere, by default of the mean radius of the earth.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_distancesphere',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The distance of two points of longitude and latitude on a sphere, by default of the mean radius of the earth.',
  signatures: [{ args: ['geometry', 'geometry', 'float8'], optional: 1, returns: FLOAT8 }],
  examples: [
    ['st_distancesphere(st_point(0, 0), st_point(90, 0), 2)', '3.14159265358979'],
    ['st_distancesphere(st_point(0, 0), st_point(0, 1))', '111195.079734632'],
  ],
  spatial: 'st_distancesphere',
});
