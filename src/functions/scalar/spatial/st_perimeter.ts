/**
 * The length of the rings of areas: of a geometry in the plane, of a geography in meters.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_perimeter',
  aliases: ['st_perimeter2d'],
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The length of the rings of areas: of a geometry in the plane, of a geography in meters.',
  signatures: [
    { args: ['geometry'], returns: FLOAT8 },
    { args: ['geography'], returns: FLOAT8, spatial: 'geo_perimeter' },
  ],
  examples: [
    ["st_perimeter(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'))", '40'],
    ["st_perimeter(st_geomfromtext('LINESTRING(0 0,3 4)'))", '0'],
  ],
  spatial: 'st_perimeter',
});
