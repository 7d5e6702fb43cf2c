/**
 * The number of the square that a point of longitude and latitude lies in, after by default 32 divisions.
 */
import { INT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_geosquare',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The number of the square that a point of longitude and latitude lies in, after by default 32 divisions.',
  signatures: [{ args: ['geometry', 'int4'], optional: 1, returns: INT8 }],
  examples: [
    ['st_geosquare(st_point(13.5, 52.5))', '-4410772491521635895'],
    ['st_geosquare(st_point(13.5, 52.5), 3)', '48'],
  ],
  spatial: 'st_geosquare',
});
