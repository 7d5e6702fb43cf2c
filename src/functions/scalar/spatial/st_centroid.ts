/**
 * The centre of gravity of its parts of the greatest dimension; NULL of an empty geometry.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_centroid',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The centre of gravity of its parts of the greatest dimension; NULL of an empty geometry.',
  signatures: [{ args: ['geometry'], returns: GEOMETRY }],
  examples: [
    ["st_astext(st_centroid(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))')))", 'POINT(5 5)'],
    ["st_astext(st_centroid(st_geomfromtext('MULTIPOINT(0 0,4 2)')))", 'POINT(2 1)'],
  ],
  spatial: 'st_centroid',
});
