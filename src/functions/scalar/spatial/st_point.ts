/**
 * A point of two coordinates, of SRID 0.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_point',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A point of two coordinates, of SRID 0.',
  signatures: [{ args: ['float8', 'float8'], returns: GEOMETRY }],
  examples: [
    ['st_astext(st_point(1, 2.5))', 'POINT(1 2.5)'],
    ['st_point(null, 1) is null', 't'],
  ],
  spatial: 'st_point',
});
