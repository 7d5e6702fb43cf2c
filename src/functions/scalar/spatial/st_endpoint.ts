/**
 * The last point of a linestring; NULL of anything else.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_endpoint',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The last point of a linestring; NULL of anything else.',
  signatures: [{ args: ['geometry'], returns: GEOMETRY }],
  examples: [
    ["st_astext(st_endpoint(st_geomfromtext('LINESTRING(0 0,3 4)')))", 'POINT(3 4)'],
    ['st_endpoint(st_point(1, 2)) is null', 't'],
  ],
  spatial: 'st_endpoint',
});
