/**
 * The geometry in another spatial reference system.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_transform',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The geometry in another spatial reference system.',
  signatures: [{ args: ['geometry', 'int4'], returns: GEOMETRY }],
  examples: [
    ['st_asewkt(st_transform(st_setsrid(st_point(9, 0), 4326), 32632))', 'SRID=32632;POINT(500000 0)'],
    ['st_transform(st_point(1, 2), 4326)', 'ERROR: SRID 0 is not a known spatial reference system'],
  ],
  spatial: 'st_transform',
});
