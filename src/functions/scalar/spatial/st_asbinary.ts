/**
 * WKB as VARBYTE.
 */
import { WKB } from '../../spatial-calls.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_asbinary',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'WKB as VARBYTE.',
  signatures: [{ args: ['geometry'], returns: WKB }],
  examples: [
    ['length(st_asbinary(st_point(1, 2)))', '21'],
    ['st_astext(st_geomfromwkb(st_asbinary(st_makepoint(1, 2, 3))))', 'POINT Z (1 2 3)'],
  ],
  spatial: 'st_asbinary',
});
