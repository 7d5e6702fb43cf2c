/**
 * Whether it has no point twice in a row, and meets itself at its ends only.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_issimple',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether it has no point twice in a row, and meets itself at its ends only.',
  signatures: [{ args: ['geometry'], returns: BOOL }],
  examples: [
    ["st_issimple(st_geomfromtext('LINESTRING(0 0,3 4)'))", 't'],
    ["st_issimple(st_geomfromtext('LINESTRING(0 0,10 10,10 0,0 10)'))", 'f'],
  ],
  spatial: 'st_issimple',
});
