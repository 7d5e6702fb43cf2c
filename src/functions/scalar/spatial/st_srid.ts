/**
 * The identifier of the spatial reference system.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_srid',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The identifier of the spatial reference system.',
  signatures: [{ args: ['geometry'], returns: INT4 }],
  examples: [
    ['st_srid(st_point(1, 2))', '0'],
    ['st_srid(st_setsrid(st_point(1, 2), 4326))', '4326'],
  ],
  spatial: 'st_srid',
});
