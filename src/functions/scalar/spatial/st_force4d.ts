/**
 * The geometry with x, y, z and m, 0 where it had none.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_force4d',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The geometry with x, y, z and m, 0 where it had none.',
  signatures: [{ args: ['geometry'], returns: GEOMETRY }],
  examples: [
    ['st_astext(st_force4d(st_makepoint(1, 2, 3)))', 'POINT ZM (1 2 3 0)'],
    ["st_astext(st_force4d(st_geomfromtext('POINT EMPTY')))", 'POINT ZM EMPTY'],
  ],
  spatial: 'st_force4d',
});
