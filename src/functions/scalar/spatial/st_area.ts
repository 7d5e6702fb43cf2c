/**
 * The area: of a geometry in the plane, of a geography in square meters.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_area',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The area: of a geometry in the plane, of a geography in square meters.',
  signatures: [
    { args: ['geometry'], returns: FLOAT8 },
    { args: ['geography'], returns: FLOAT8, spatial: 'geo_area' },
  ],
  examples: [
    ["st_area(st_geomfromtext('POLYGON((0 0,10 0,0 10,0 0))'))", '50'],
    ["st_area(st_geomfromtext('LINESTRING(0 0,3 4)'))", '0'],
  ],
  spatial: 'st_area',
});
