/**
 * The rectangle between two corners; a point or linestring where it has no area.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_makeenvelope',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The rectangle between two corners; a point or linestring where it has no area.',
  signatures: [{ args: ['float8', 'float8', 'float8', 'float8', 'int4'], optional: 1, returns: GEOMETRY }],
  examples: [
    ['st_astext(st_makeenvelope(2, 4, 5, 7))', 'POLYGON((2 4,2 7,5 7,5 4,2 4))'],
    ['st_asewkt(st_makeenvelope(2, 4, 2, 4, 4326))', 'SRID=4326;POINT(2 4)'],
    ['st_makeenvelope(1, 1, 2, 2, -1)', 'ERROR: SRID -1 is negative'],
  ],
  spatial: 'st_makeenvelope',
});
