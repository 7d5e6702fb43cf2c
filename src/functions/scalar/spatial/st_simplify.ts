/**
 * The geometry with fewer points, none of which moves its lines by more than a tolerance.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_simplify',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The geometry with fewer points, none of which moves its lines by more than a tolerance.',
  signatures: [{ args: ['geometry', 'float8'], returns: GEOMETRY }],
  examples: [
    ["st_astext(st_simplify(st_geomfromtext('LINESTRING(0 0,1 0.1,2 0)'), 0.5))", 'LINESTRING(0 0,2 0)'],
    ["st_astext(st_simplify(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'), 100))", 'POLYGON EMPTY'],
  ],
  spatial: 'st_simplify',
});
