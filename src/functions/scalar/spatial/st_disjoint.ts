/**
 * Whether they have no point in common.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_disjoint',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether they have no point in common.',
  signatures: [{ args: ['geometry', 'geometry'], returns: BOOL }],
  examples: [
    ["st_disjoint(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'), st_point(11, 11))", 't'],
    ["st_disjoint(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'), st_point(10, 10))", 'f'],
  ],
  spatial: 'st_disjoint',
});
