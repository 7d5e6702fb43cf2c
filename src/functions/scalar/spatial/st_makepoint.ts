/**
 * A point of two to four coordinates: x, y, z, m.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_makepoint',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A point of two to four coordinates: x, y, z, m.',
  signatures: [{ args: ['float8', 'float8', 'float8', 'float8'], optional: 2, returns: GEOMETRY }],
  examples: [
    ['st_astext(st_makepoint(1, 2))', 'POINT(1 2)'],
    ['st_astext(st_makepoint(1, 2, 3, 4))', 'POINT ZM (1 2 3 4)'],
  ],
  spatial: 'st_makepoint',
});
