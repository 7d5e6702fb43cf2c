/**
 * Points of a linestring; NULL of anything else.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_numpoints',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Points of a linestring; NULL of anything else.',
  signatures: [{ args: ['geometry'], returns: INT4 }],
  examples: [
    ["st_numpoints(st_geomfromtext('LINESTRING(0 0,3 4)'))", '2'],
    ['st_numpoints(st_point(1, 2)) is null', 't'],
  ],
  spatial: 'st_numpoints',
});
