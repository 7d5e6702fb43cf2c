/**
 * Whether every point of the second lies in the first.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_covers',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether every point of the second lies in the first.',
  signatures: [{ args: ['geometry', 'geometry'], returns: BOOL }],
  examples: [
    [
      "st_covers(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'), st_geomfromtext('LINESTRING(0 0,10 0)'))",
      't',
    ],
    [
      "st_covers(st_geomfromtext('POLYGON((2 2,4 2,4 4,2 2))'), st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'))",
      'f',
    ],
  ],
  spatial: 'st_covers',
});
