/**
 * The geometry without its bounding box.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'dropbbox',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The geometry without its bounding box.',
  signatures: [{ args: ['geometry'], returns: GEOMETRY }],
  examples: [
    ['supportsbbox(dropbbox(st_point(1, 2)))', 'f'],
    ['st_astext(dropbbox(st_point(1, 2)))', 'POINT(1 2)'],
  ],
  spatial: 'dropbbox',
});
