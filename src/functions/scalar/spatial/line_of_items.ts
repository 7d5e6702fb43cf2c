/**
 * The points of a list of geometries as a linestring.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'line_of_items',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The points of a list of geometries as a linestring.',
  signatures: [{ args: ['varbyte'], returns: GEOMETRY }],
  examples: [
    ['st_astext(st_makeline(st_point(1, 2)))', 'LINESTRING(1 2)'],
    ['st_makeline(null::geometry) is null', 't'],
  ],
  spatial: 'line_of_items',
});
