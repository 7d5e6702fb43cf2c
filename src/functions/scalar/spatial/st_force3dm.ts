/**
 * The geometry with x, y and m, 0 where it had none.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_force3dm',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The geometry with x, y and m, 0 where it had none.',
  signatures: [{ args: ['geometry'], returns: GEOMETRY }],
  examples: [
    ['st_astext(st_force3dm(st_makepoint(1, 2, 3)))', 'POINT M (1 2 0)'],
    ["st_astext(st_force3dm(st_geomfromtext('POINT EMPTY')))", 'POINT M EMPTY'],
  ],
  spatial: 'st_force3dm',
});
