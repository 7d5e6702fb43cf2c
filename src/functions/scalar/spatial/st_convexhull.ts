/**
 * The least convex geometry around its points.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_convexhull',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The least convex geometry around its points.',
  signatures: [{ args: ['geometry'], returns: GEOMETRY }],
  examples: [
    [
      "st_astext(st_convexhull(st_geomfromtext('MULTIPOINT(0 0,2 0,2 2,0 2,1 1)')))",
      'POLYGON((0 0,0 2,2 2,2 0,0 0))',
    ],
    ["st_astext(st_convexhull(st_geomfromtext('LINESTRING(0 0,2 2,1 1)')))", 'LINESTRING(0 0,2 2)'],
  ],
  spatial: 'st_convexhull',
});
