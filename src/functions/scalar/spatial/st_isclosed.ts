/**
 * Whether its lines end where they begin; points are closed.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_isclosed',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether its lines end where they begin; points are closed.',
  signatures: [{ args: ['geometry'], returns: BOOL }],
  examples: [
    ["st_isclosed(st_geomfromtext('LINESTRING(0 0,1 1,1 0,0 0)'))", 't'],
    ["st_isclosed(st_geomfromtext('LINESTRING(0 0,3 4)'))", 'f'],
  ],
  spatial: 'st_isclosed',
});
