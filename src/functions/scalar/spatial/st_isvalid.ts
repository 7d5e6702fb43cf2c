/**
 * Whether rings are closed and do not cross, interiors are connected and lines longer than a point.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_isvalid',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether rings are closed and do not cross, interiors are connected and lines longer than a point.',
  signatures: [{ args: ['geometry'], returns: BOOL }],
  examples: [
    ["st_isvalid(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'))", 't'],
    ["st_isvalid(st_geomfromtext('POLYGON((0 0,10 10,10 0,0 10,0 0))'))", 'f'],
  ],
  spatial: 'st_isvalid',
});
