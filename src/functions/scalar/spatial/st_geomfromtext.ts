/**
 * A GEOMETRY of WKT; a negative SRID gives NULL.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_geomfromtext',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A GEOMETRY of WKT; a negative SRID gives NULL.',
  signatures: [{ args: ['varchar', 'int4'], optional: 1, returns: GEOMETRY }],
  examples: [
    ["st_asewkt(st_geomfromtext('LINESTRING(1 2,3 4)', 4326))", 'SRID=4326;LINESTRING(1 2,3 4)'],
    ["st_geomfromtext('POINT(1 2)', -1) is null", 't'],
    ["st_geomfromtext('POINT(1 2')", 'ERROR: Compass I/O exception: Invalid WKT'],
    ["st_geomfromtext('POINT(1 2 3)')", 'ERROR: Compass I/O exception: Invalid WKT'],
  ],
  spatial: 'st_geomfromtext',
});
