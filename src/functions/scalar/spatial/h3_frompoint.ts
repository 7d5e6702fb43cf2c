/**
 * The H3 cell of a point of longitude and latitude at a resolution.
 */
import { INT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'h3_frompoint',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The H3 cell of a point of longitude and latitude at a resolution.',
  signatures: [{ args: ['geometry', 'int4'], returns: INT8 }],
  examples: [
    ['h3_frompoint(st_point(0, 0), 0)', '578536630256664575'],
    ["h3_frompoint(st_geomfromtext('LINESTRING(0 0,3 4)'), 0)", 'ERROR: a POINT is expected'],
  ],
  spatial: 'h3_frompoint',
});
