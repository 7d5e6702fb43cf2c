/**
 * Whether they cross: interiors meet in less than the larger dimension, and each reaches beyond the other.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_crosses',
  runsOn: 'anywhere',
  nulls: 'custom',
  volatility: 'immutable',
  doc: 'Whether they cross: interiors meet in less than the larger dimension, and each reaches beyond the other.',
  signatures: [{ args: ['geometry', 'geometry'], returns: BOOL }],
  examples: [
    [
      "st_crosses(st_geomfromtext('LINESTRING(-1 5,11 5)'), st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'))",
      't',
    ],
    [
      "st_crosses(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'), st_geomfromtext('POLYGON((2 2,4 2,4 4,2 2))'))",
      'f',
    ],
    ["st_crosses(null, st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'))", 'ERROR: NULL is not a geometry'],
  ],
  spatial: 'st_crosses',
});
