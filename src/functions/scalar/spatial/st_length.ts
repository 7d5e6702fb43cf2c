/**
 * The length of lines: of a geometry in the plane, of a geography in meters.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_length',
  aliases: ['st_length2d'],
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The length of lines: of a geometry in the plane, of a geography in meters.',
  signatures: [
    { args: ['geometry'], returns: FLOAT8 },
    { args: ['geography'], returns: FLOAT8, spatial: 'geo_length' },
  ],
  examples: [
    ["st_length(st_geomfromtext('LINESTRING(0 0,3 4)'))", '5'],
    ["st_length(st_geogfromtext('LINESTRING(5 0,6 0,4 0)'))", '333958.472379821'],
  ],
  spatial: 'st_length',
});
