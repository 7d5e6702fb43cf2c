/**
 * All points that are not empty, as a multipoint.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_points',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'All points that are not empty, as a multipoint.',
  signatures: [{ args: ['geometry'], returns: GEOMETRY }],
  examples: [
    [
      "st_astext(st_points(st_geomfromtext('POLYGON((0 0,10 0,0 10,0 0))')))",
      'MULTIPOINT((0 0),(10 0),(0 10),(0 0))',
    ],
    ["st_astext(st_points(st_geomfromtext('POINT EMPTY')))", 'MULTIPOINT EMPTY'],
  ],
  spatial: 'st_points',
});
