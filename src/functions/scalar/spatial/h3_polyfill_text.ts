/**
 * The H3 cells of a resolution whose centres lie in a polygon, as JSON text.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'h3_polyfill_text',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The H3 cells of a resolution whose centres lie in a polygon, as JSON text.',
  signatures: [{ args: ['geometry', 'int4'], returns: TEXT }],
  examples: [
    ["get_array_length(h3_polyfill(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'), 3))", '121'],
    ["h3_polyfill(st_geomfromtext('POLYGON EMPTY'), 3)", '[]'],
  ],
  spatial: 'h3_polyfill',
});
