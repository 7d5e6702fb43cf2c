/**
 * A GEOMETRY of GeoJSON, of SRID 4326.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_geomfromgeojson',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A GEOMETRY of GeoJSON, of SRID 4326.',
  signatures: [{ args: ['varchar'], returns: GEOMETRY }],
  examples: [
    [`st_asewkt(st_geomfromgeojson('{"type":"Point","coordinates":[1,2]}'))`, 'SRID=4326;POINT(1 2)'],
    ["st_geomfromgeojson('{}')", 'ERROR: Compass I/O exception: Invalid GeoJSON'],
  ],
  spatial: 'st_geomfromgeojson',
});
