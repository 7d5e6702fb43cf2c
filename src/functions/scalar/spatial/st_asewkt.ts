/**
 * EWKT, coordinates of by default 15 significant digits.
 */
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_asewkt',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'EWKT, coordinates of by default 15 significant digits.',
  signatures: [
    { args: ['geometry', 'int4'], optional: 1, returns: VARCHAR },
    { args: ['geography', 'int4'], optional: 1, returns: VARCHAR },
  ],
  examples: [
    ['st_asewkt(st_setsrid(st_point(1, 2), 4326))', 'SRID=4326;POINT(1 2)'],
    ['st_asewkt(st_makepoint(1, 2, 3))', 'POINT Z (1 2 3)'],
  ],
  spatial: 'st_asewkt',
});
