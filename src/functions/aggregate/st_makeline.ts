/**
 * A linestring of the points of a group of points, linestrings or multipoints. NULL values are left out. With
 * two arguments, of the points of both.
 */
import { GEOMETRY } from '../../types/sql-type.ts';
import { aggregate } from '../define.ts';
import { call } from '../expand-nodes.ts';
import { SPATIAL_LIST } from '../spatial-calls.ts';

export default aggregate({
  name: 'st_makeline',
  doc: 'A linestring of the points of a group of points, linestrings or multipoints. NULL values are left out. With two arguments, of the points of both.',
  signatures: [{ args: ['geometry'], returns: GEOMETRY }],
  examples: [
    ['st_astext(st_makeline(st_point(1, 2)))', 'LINESTRING(1 2)'],
    ['st_astext(st_makeline(st_point(1, 2), st_point(3, 4)))', 'LINESTRING(1 2,3 4)'],
    ['st_makeline(null::geometry)', 'NULL'],
  ],
  withinGroup: 'optional',
  pair: 'st_makeline_two',
  lower: ([value]) => ({
    partials: [{ prim: 'concat', arg: call('spatial_item', 0, SPATIAL_LIST, [value!]), type: SPATIAL_LIST }],
    merge: ['concat'],
    final: (p) => call('line_of_items', 0, GEOMETRY, [p[0]!]),
  }),
});
