/**
 * The rectangle of a geohash, or of its first characters.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_geomfromgeohash',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The rectangle of a geohash, or of its first characters.',
  signatures: [{ args: ['varchar', 'int4'], optional: 1, returns: GEOMETRY }],
  examples: [
    ["st_astext(st_geomfromgeohash('s'))", 'POLYGON((0 0,0 45,45 45,45 0,0 0))'],
    ["st_astext(st_geomfromgeohash('s00', 1))", 'POLYGON((0 0,0 45,45 45,45 0,0 0))'],
    ["st_geomfromgeohash('a')", 'ERROR: Compass I/O exception: Invalid geohash'],
  ],
  spatial: 'st_geomfromgeohash',
});
