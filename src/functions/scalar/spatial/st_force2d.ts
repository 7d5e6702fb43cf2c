/**
 * The geometry with x and y alone.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_force2d',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The geometry with x and y alone.',
  signatures: [{ args: ['geometry'], returns: GEOMETRY }],
  examples: [
    ['st_astext(st_force2d(st_makepoint(1, 2, 3)))', 'POINT(1 2)'],
    ["st_astext(st_force2d(st_geomfromtext('POINT EMPTY')))", 'POINT EMPTY'],
  ],
  spatial: 'st_force2d',
});
