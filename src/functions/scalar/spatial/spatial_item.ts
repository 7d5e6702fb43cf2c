/**
 * A geometry behind its length, as lists of them hold it.
 */
import { scalar } from '../../define.ts';

export default scalar({
  name: 'spatial_item',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A geometry behind its length, as lists of them hold it.',
  signatures: [{ args: ['geometry'], returns: { name: 'varbyte' } }],
  examples: [
    ['st_astext(st_collect(st_point(1, 2)))', 'MULTIPOINT((1 2))'],
    ['st_astext(st_makeline(st_point(1, 2)))', 'LINESTRING(1 2)'],
  ],
  spatial: 'spatial_item',
});
