/**
 * EWKB in hexadecimal digits.
 */
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_ashexewkb',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'EWKB in hexadecimal digits.',
  signatures: [
    { args: ['geometry'], returns: VARCHAR },
    { args: ['geography'], returns: VARCHAR },
  ],
  examples: [
    ['st_ashexewkb(st_setsrid(st_point(1, 2), 4326))', '0101000020E6100000000000000000F03F0000000000000040'],
    ['st_ashexewkb(st_makepoint(1, 2, 3))', '0101000080000000000000F03F00000000000000400000000000000840'],
  ],
  spatial: 'st_ashexewkb',
});
