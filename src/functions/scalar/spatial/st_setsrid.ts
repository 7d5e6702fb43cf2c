/**
 * The geometry with another SRID, and the same coordinates.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_setsrid',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The geometry with another SRID, and the same coordinates.',
  signatures: [{ args: ['geometry', 'int4'], returns: GEOMETRY }],
  examples: [
    ['st_asewkt(st_setsrid(st_point(1, 2), 4326))', 'SRID=4326;POINT(1 2)'],
    ['st_setsrid(st_point(1, 2), -1)', 'ERROR: SRID -1 is negative'],
  ],
  spatial: 'st_setsrid',
});
