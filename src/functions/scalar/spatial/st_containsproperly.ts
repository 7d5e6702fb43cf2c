/**
 * Whether every point of the second lies in the interior of the first.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_containsproperly',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether every point of the second lies in the interior of the first.',
  signatures: [{ args: ['geometry', 'geometry'], returns: BOOL }],
  examples: [
    [
      "st_containsproperly(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'), st_geomfromtext('POLYGON((2 2,4 2,4 4,2 2))'))",
      't',
    ],
    ["st_containsproperly(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'), st_point(0, 0))", 'f'],
  ],
  spatial: 'st_containsproperly',
});
