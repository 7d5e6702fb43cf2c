/**
 * Whether every point of the first lies in the second, and their interiors meet.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_within',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether every point of the first lies in the second, and their interiors meet.',
  signatures: [{ args: ['geometry', 'geometry'], returns: BOOL }],
  examples: [
    [
      "st_within(st_geomfromtext('POLYGON((2 2,4 2,4 4,2 2))'), st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'))",
      't',
    ],
    [
      "st_within(st_geomfromtext('LINESTRING(0 0,10 0)'), st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'))",
      'f',
    ],
  ],
  spatial: 'st_within',
});
