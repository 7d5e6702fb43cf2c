/**
 * Rings of its polygons.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_nrings',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Rings of its polygons.',
  signatures: [{ args: ['geometry'], returns: INT4 }],
  examples: [
    ["st_nrings(st_geomfromtext('POLYGON((0 0,10 0,0 10,0 0))'))", '1'],
    ['st_nrings(st_point(1, 2))', '0'],
  ],
  spatial: 'st_nrings',
});
