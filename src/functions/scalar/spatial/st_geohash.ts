/**
 * The geohash of a point of longitude and latitude, by default of 20 characters.
 */
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_geohash',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The geohash of a point of longitude and latitude, by default of 20 characters.',
  signatures: [{ args: ['geometry', 'int4'], optional: 1, returns: VARCHAR }],
  examples: [
    ['st_geohash(st_point(45, -45), 5)', 'm0000'],
    ["st_geohash(st_geomfromtext('POINT EMPTY')) is null", 't'],
  ],
  spatial: 'st_geohash',
});
