/**
 * The z coordinate of a point; NULL where it has none.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_z',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The z coordinate of a point; NULL where it has none.',
  signatures: [{ args: ['geometry'], returns: FLOAT8 }],
  examples: [
    ['st_z(st_makepoint(1, 2, 3, 4))', '3'],
    ["st_z(st_geomfromtext('POINT EMPTY')) is null", 't'],
    ["st_z(st_geomfromtext('LINESTRING(0 0,3 4)'))", 'ERROR: a POINT is expected, not a LINESTRING'],
  ],
  spatial: 'st_z',
});
