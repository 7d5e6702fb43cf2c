/**
 * Whether outer rings go clockwise and inner ones counterclockwise.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_ispolygoncw',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether outer rings go clockwise and inner ones counterclockwise.',
  signatures: [{ args: ['geometry'], returns: BOOL }],
  examples: [
    ["st_ispolygoncw(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'))", 'f'],
    ["st_ispolygoncw(st_reverse(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))')))", 't'],
  ],
  spatial: 'st_ispolygoncw',
});
