/**
 * GeoJSON, coordinates of by default 15 significant digits; without measures.
 */
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_asgeojson',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'GeoJSON, coordinates of by default 15 significant digits; without measures.',
  signatures: [
    { args: ['geometry', 'int4'], optional: 1, returns: VARCHAR },
    { args: ['geography', 'int4'], optional: 1, returns: VARCHAR },
  ],
  examples: [
    ['st_asgeojson(st_point(1, 2))', '{"type":"Point","coordinates":[1,2]}'],
    ['st_asgeojson(st_makepoint(1, 2, 3, 4))', '{"type":"Point","coordinates":[1,2,3]}'],
  ],
  spatial: 'st_asgeojson',
});
