/**
 * Whether every point of the second lies in the first, and their interiors meet.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_contains',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether every point of the second lies in the first, and their interiors meet.',
  signatures: [{ args: ['geometry', 'geometry'], returns: BOOL }],
  examples: [
    [
      "st_contains(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'), st_geomfromtext('POLYGON((2 2,4 2,4 4,2 2))'))",
      't',
    ],
    [
      "st_contains(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'), st_geomfromtext('LINESTRING(0 0,10 0)'))",
      'f',
    ],
    [
      "st_contains(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'), st_setsrid(st_point(1, 1), 4326))",
      'ERROR: different SRIDs',
    ],
  ],
  spatial: 'st_contains',
});
