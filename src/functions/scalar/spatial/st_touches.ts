/**
 * Whether they meet, but not their interiors.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_touches',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether they meet, but not their interiors.',
  signatures: [{ args: ['geometry', 'geometry'], returns: BOOL }],
  examples: [
    ["st_touches(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'), st_point(10, 10))", 't'],
    ["st_touches(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'), st_point(5, 5))", 'f'],
  ],
  spatial: 'st_touches',
});
