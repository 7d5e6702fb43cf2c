/**
 * The second coordinate of a point; NULL where it has none.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_y',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The second coordinate of a point; NULL where it has none.',
  signatures: [{ args: ['geometry'], returns: FLOAT8 }],
  examples: [
    ['st_y(st_makepoint(1, 2, 3, 4))', '2'],
    ["st_y(st_geomfromtext('POINT EMPTY')) is null", 't'],
    ["st_y(st_geomfromtext('LINESTRING(0 0,3 4)'))", 'ERROR: a POINT is expected, not a LINESTRING'],
  ],
  spatial: 'st_y',
});
