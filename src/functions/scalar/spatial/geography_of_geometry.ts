/**
 * A geometry of longitudes and latitudes as a GEOGRAPHY, with the same coordinates.
 */
import { GEOGRAPHY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'geography_of_geometry',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A geometry of longitudes and latitudes as a GEOGRAPHY, with the same coordinates.',
  signatures: [{ args: ['geometry'], returns: GEOGRAPHY }],
  examples: [
    ['st_asewkt(st_point(1, 2)::geography)', 'SRID=4326;POINT(1 2)'],
    ['st_setsrid(st_point(1, 2), 3857)::geography', 'ERROR: a geometry of SRID 3857 is not geographic'],
  ],
  spatial: 'geography_of_geometry',
});
