/**
 * A list of geometries as one.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'collect_items',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A list of geometries as one.',
  signatures: [{ args: ['varbyte'], returns: GEOMETRY }],
  examples: [
    ['st_astext(st_collect(st_point(1, 2)))', 'MULTIPOINT((1 2))'],
    ['st_collect(null::geometry) is null', 't'],
  ],
  spatial: 'collect_items',
});
