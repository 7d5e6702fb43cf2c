/**
 * Whether every point of the first lies in the second.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_coveredby',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether every point of the first lies in the second.',
  signatures: [{ args: ['geometry', 'geometry'], returns: BOOL }],
  examples: [
    [
      "st_coveredby(st_geomfromtext('LINESTRING(0 0,10 0)'), st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'))",
      't',
    ],
    [
      "st_coveredby(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'), st_geomfromtext('POLYGON((2 2,4 2,4 4,2 2))'))",
      'f',
    ],
  ],
  spatial: 'st_coveredby',
});
