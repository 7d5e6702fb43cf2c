/**
 * Geometries of a group as one: a multi geometry of points, linestrings or polygons alone, else a collection.
 * NULL values are left out. With two arguments, these as one; the other where one is NULL.
 */
import { GEOMETRY } from '../../types/sql-type.ts';
import { aggregate } from '../define.ts';
import { call } from '../expand-nodes.ts';
import { SPATIAL_LIST } from '../spatial-calls.ts';

export default aggregate({
  name: 'st_collect',
  doc: 'Geometries of a group as one: a multi geometry of points, linestrings or polygons alone, else a collection. NULL values are left out. With two arguments, these as one; the other where one is NULL.',
  signatures: [{ args: ['geometry'], returns: GEOMETRY }],
  examples: [
    ['st_astext(st_collect(st_point(1, 2)))', 'MULTIPOINT((1 2))'],
    ['st_astext(st_collect(st_point(1, 2), st_point(3, 4)))', 'MULTIPOINT((1 2),(3 4))'],
    ['st_collect(null::geometry)', 'NULL'],
  ],
  withinGroup: 'optional',
  pair: 'st_collect_two',
  lower: ([value]) => ({
    partials: [{ prim: 'concat', arg: call('spatial_item', 0, SPATIAL_LIST, [value!]), type: SPATIAL_LIST }],
    merge: ['concat'],
    final: (p) => call('collect_items', 0, GEOMETRY, [p[0]!]),
  }),
});
