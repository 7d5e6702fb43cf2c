/**
 * Two geometries as one; the other one where one is NULL.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_collect_two',
  internal: true,
  runsOn: 'anywhere',
  nulls: 'custom',
  volatility: 'immutable',
  doc: 'Two geometries as one; the other one where one is NULL.',
  signatures: [{ args: ['geometry', 'geometry'], returns: GEOMETRY }],
  examples: [
    ['st_astext(st_collect(st_point(1, 2), st_point(3, 4)))', 'MULTIPOINT((1 2),(3 4))'],
    ['st_astext(st_collect(st_point(1, 2), null))', 'POINT(1 2)'],
  ],
  spatial: 'st_collect',
});
