/**
 * The first point of a linestring; NULL of anything else.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_startpoint',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The first point of a linestring; NULL of anything else.',
  signatures: [{ args: ['geometry'], returns: GEOMETRY }],
  examples: [
    ["st_astext(st_startpoint(st_geomfromtext('LINESTRING(0 0,3 4)')))", 'POINT(0 0)'],
    ['st_startpoint(st_point(1, 2)) is null', 't'],
  ],
  spatial: 'st_startpoint',
});
