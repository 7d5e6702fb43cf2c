/**
 * The angle, clockwise in radians, around the second of three points, between the lines of four, or between two
 * linestrings.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_angle',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The angle, clockwise in radians, around the second of three points, between the lines of four, or between two linestrings.',
  signatures: [
    { args: ['geometry', 'geometry', 'geometry'], returns: FLOAT8 },
    { args: ['geometry', 'geometry', 'geometry', 'geometry'], returns: FLOAT8 },
    { args: ['geometry', 'geometry'], returns: FLOAT8 },
  ],
  examples: [
    ['st_angle(st_point(0, 1), st_point(0, 0), st_point(1, 0))', '1.5707963267949'],
    ['st_angle(st_point(0, 0), st_point(0, 0), st_point(1, 0)) is null', 't'],
  ],
  spatial: 'st_angle',
});
