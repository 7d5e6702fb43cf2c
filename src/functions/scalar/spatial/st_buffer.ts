/**
 * All points within a distance, circles drawn with by default 8 segments a quarter.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_buffer',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'All points within a distance, circles drawn with by default 8 segments a quarter.',
  signatures: [{ args: ['geometry', 'float8', 'int4'], optional: 1, returns: GEOMETRY }],
  examples: [
    ['st_astext(st_buffer(st_point(5, 5), 1, 1))', 'POLYGON((4 5,5 6,6 5,5 4,4 5))'],
    ['st_astext(st_buffer(st_point(0, 0), -1))', 'POLYGON EMPTY'],
  ],
  spatial: 'st_buffer',
});
