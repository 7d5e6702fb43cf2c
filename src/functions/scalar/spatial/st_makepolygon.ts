/**
 * A polygon of a closed linestring and, as holes, the closed linestrings of a multilinestring.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_makepolygon',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A polygon of a closed linestring and, as holes, the closed linestrings of a multilinestring.',
  signatures: [{ args: ['geometry', 'geometry'], optional: 1, returns: GEOMETRY }],
  examples: [
    ["st_astext(st_makepolygon(st_geomfromtext('LINESTRING(0 0,1 0,0 1,0 0)')))", 'POLYGON((0 0,1 0,0 1,0 0))'],
    ["st_makepolygon(st_geomfromtext('LINESTRING(0 0,1 0,0 1)'))", 'ERROR: the linestring is not closed'],
  ],
  spatial: 'st_makepolygon',
});
