/**
 * Holes of a polygon; NULL of anything else.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_numinteriorrings',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Holes of a polygon; NULL of anything else.',
  signatures: [{ args: ['geometry'], returns: INT4 }],
  examples: [
    ["st_numinteriorrings(st_geomfromtext('POLYGON((0 0,10 0,0 10,0 0))'))", '0'],
    ['st_numinteriorrings(st_point(1, 2)) is null', 't'],
  ],
  spatial: 'st_numinteriorrings',
});
