/**
 * A polygon of a closed linestring, with an SRID.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_polygon',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A polygon of a closed linestring, with an SRID.',
  signatures: [{ args: ['geometry', 'int4'], returns: GEOMETRY }],
  examples: [
    [
      "st_asewkt(st_polygon(st_geomfromtext('LINESTRING(0 0,1 0,0 1,0 0)'), 4326))",
      'SRID=4326;POLYGON((0 0,1 0,0 1,0 0))',
    ],
    ['st_polygon(st_point(1, 2), 0)', 'ERROR: a LINESTRING is expected'],
  ],
  spatial: 'st_polygon',
});
