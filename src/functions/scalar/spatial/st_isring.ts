/**
 * Whether a linestring is closed and simple.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_isring',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether a linestring is closed and simple.',
  signatures: [{ args: ['geometry'], returns: BOOL }],
  examples: [
    ["st_isring(st_geomfromtext('LINESTRING(0 0,1 1,1 2,0 0)'))", 't'],
    ['st_isring(st_point(1, 2))', 'ERROR: a LINESTRING is expected'],
  ],
  spatial: 'st_isring',
});
