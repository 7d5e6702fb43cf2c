/**
 * The subtype as ST_Name.
 */
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_geometrytype',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The subtype as ST_Name.',
  signatures: [{ args: ['geometry'], returns: VARCHAR }],
  examples: [
    ['st_geometrytype(st_point(1, 2))', 'ST_Point'],
    ["st_geometrytype(st_geomfromtext('GEOMETRYCOLLECTION EMPTY'))", 'ST_GeometryCollection'],
  ],
  spatial: 'st_geometrytype',
});
