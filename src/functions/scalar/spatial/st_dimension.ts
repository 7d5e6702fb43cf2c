/**
 * 0 of points, 1 of lines, 2 of areas; of a collection the greatest.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_dimension',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: '0 of points, 1 of lines, 2 of areas; of a collection the greatest.',
  signatures: [{ args: ['geometry'], returns: INT4 }],
  examples: [
    ["st_dimension(st_geomfromtext('POLYGON((0 0,10 0,0 10,0 0))'))", '2'],
    ["st_dimension(st_geomfromtext('GEOMETRYCOLLECTION EMPTY'))", '0'],
  ],
  spatial: 'st_dimension',
});
