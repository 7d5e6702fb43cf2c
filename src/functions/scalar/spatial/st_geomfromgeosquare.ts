/**
 * The square of a number that ST_GeoSquare gave, after at most so many divisions.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_geomfromgeosquare',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The square of a number that ST_GeoSquare gave, after at most so many divisions.',
  signatures: [{ args: ['int8', 'int4'], optional: 1, returns: GEOMETRY }],
  examples: [
    ['st_astext(st_geomfromgeosquare(48))', 'POLYGON((0 45,0 90,45 90,45 45,0 45))'],
    ['st_geomfromgeosquare(0)', 'ERROR: 0 is no geosquare'],
  ],
  spatial: 'st_geomfromgeosquare',
});
