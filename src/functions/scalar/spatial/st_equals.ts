/**
 * Whether they are the same set of points.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_equals',
  runsOn: 'anywhere',
  nulls: 'custom',
  volatility: 'immutable',
  doc: 'Whether they are the same set of points.',
  signatures: [{ args: ['geometry', 'geometry'], returns: BOOL }],
  examples: [
    [
      "st_equals(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'), st_reverse(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))')))",
      't',
    ],
    [
      "st_equals(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'), st_geomfromtext('POLYGON((2 2,4 2,4 4,2 2))'))",
      'f',
    ],
    ["st_equals(null, st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'))", 'ERROR: NULL is not a geometry'],
  ],
  spatial: 'st_equals',
});
