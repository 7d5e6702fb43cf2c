/**
 * Whether outer rings go counterclockwise and inner ones clockwise.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_ispolygonccw',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether outer rings go counterclockwise and inner ones clockwise.',
  signatures: [{ args: ['geometry'], returns: BOOL }],
  examples: [
    ["st_ispolygonccw(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'))", 't'],
    ['st_ispolygonccw(st_point(1, 2))', 't'],
  ],
  spatial: 'st_ispolygonccw',
});
