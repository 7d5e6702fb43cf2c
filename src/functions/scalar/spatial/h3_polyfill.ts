/**
 * The H3 cells of a resolution whose centres lie in a polygon, as an array.
 */
import { SUPER, TEXT } from '../../../types/sql-type.ts';
import { call } from '../../expand-nodes.ts';
import { superOfJson } from '../../super-calls.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'h3_polyfill',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The H3 cells of a resolution whose centres lie in a polygon, as an array.',
  signatures: [{ args: ['geometry', 'int4'], returns: SUPER }],
  examples: [
    ["get_array_length(h3_polyfill(st_geomfromtext('POLYGON((0 0,10 0,10 10,0 10,0 0))'), 3))", '121'],
    ["h3_polyfill(st_geomfromtext('POLYGON EMPTY'), 3)", '[]'],
  ],
  expand: (args) => superOfJson(call('h3_polyfill_text', 0, TEXT, args)),
});
