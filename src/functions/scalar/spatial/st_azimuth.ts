/**
 * The direction from one point to another, clockwise from the north in radians; NULL between equal points.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_azimuth',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The direction from one point to another, clockwise from the north in radians; NULL between equal points.',
  signatures: [{ args: ['geometry', 'geometry'], returns: FLOAT8 }],
  examples: [
    ['st_azimuth(st_point(0, 0), st_point(1, 1))', '0.785398163397448'],
    ['st_azimuth(st_point(1, 2), st_point(1, 2)) is null', 't'],
  ],
  spatial: 'st_azimuth',
});
