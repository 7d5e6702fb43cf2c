/**
 * WKB in hexadecimal digits.
 */
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_ashexwkb',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'WKB in hexadecimal digits.',
  signatures: [
    { args: ['geometry'], returns: VARCHAR },
    { args: ['geography'], returns: VARCHAR },
  ],
  examples: [
    ['st_ashexwkb(st_setsrid(st_point(1, 2), 4326))', '0101000000000000000000F03F0000000000000040'],
    ['st_ashexwkb(st_makepoint(1, 2, 3))', '01E9030000000000000000F03F00000000000000400000000000000840'],
  ],
  spatial: 'st_ashexwkb',
});
