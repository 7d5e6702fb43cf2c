/**
 * EWKB as VARBYTE.
 */
import { WKB } from '../../spatial-calls.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_asewkb',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'EWKB as VARBYTE.',
  signatures: [{ args: ['geometry'], returns: WKB }],
  examples: [
    ['length(st_asewkb(st_setsrid(st_point(1, 2), 4326)))', '25'],
    ['st_asewkt(st_asewkb(st_setsrid(st_point(1, 2), 4326))::geometry)', 'SRID=4326;POINT(1 2)'],
  ],
  spatial: 'st_asewkb',
});
