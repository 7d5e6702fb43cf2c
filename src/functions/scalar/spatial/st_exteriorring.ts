/**
 * The outer ring of a polygon as a linestring; NULL of anything else.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_exteriorring',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The outer ring of a polygon as a linestring; NULL of anything else.',
  signatures: [{ args: ['geometry'], returns: GEOMETRY }],
  examples: [
    ["st_astext(st_exteriorring(st_geomfromtext('POLYGON((0 0,10 0,0 10,0 0))')))", 'LINESTRING(0 0,10 0,0 10,0 0)'],
    ['st_exteriorring(st_point(1, 2)) is null', 't'],
  ],
  spatial: 'st_exteriorring',
});
