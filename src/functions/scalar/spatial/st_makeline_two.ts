/**
 * A linestring of the points of two points, linestrings or multipoints.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_makeline_two',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A linestring of the points of two points, linestrings or multipoints.',
  signatures: [{ args: ['geometry', 'geometry'], returns: GEOMETRY }],
  examples: [
    ['st_astext(st_makeline(st_point(1, 2), st_point(3, 4)))', 'LINESTRING(1 2,3 4)'],
    ['st_makeline(st_point(1, 2), st_setsrid(st_point(1, 2), 4326))', 'ERROR: different SRIDs'],
  ],
  spatial: 'st_makeline',
});
