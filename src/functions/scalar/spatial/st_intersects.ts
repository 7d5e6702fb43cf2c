/**
 * Whether they have a point in common.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_intersects',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether they have a point in common.',
  signatures: [{ args: ['geometry', 'geometry'], returns: BOOL }],
  examples: [
    ["st_intersects(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'), st_point(10, 10))", 't'],
    [
      "st_intersects(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'), st_geomfromtext('GEOMETRYCOLLECTION(POINT(1 1))'))",
      'ERROR: GEOMETRYCOLLECTION is not supported',
    ],
  ],
  spatial: 'st_intersects',
});
