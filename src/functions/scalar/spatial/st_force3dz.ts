/**
 * The geometry with x, y and z, 0 where it had none.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_force3dz',
  aliases: ['st_force3d'],
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The geometry with x, y and z, 0 where it had none.',
  signatures: [{ args: ['geometry'], returns: GEOMETRY }],
  examples: [
    ['st_astext(st_force3dz(st_makepoint(1, 2, 3)))', 'POINT Z (1 2 3)'],
    ["st_astext(st_force3dz(st_geomfromtext('POINT EMPTY')))", 'POINT Z EMPTY'],
  ],
  spatial: 'st_force3dz',
});
