/**
 * The geometry with its bounding box.
 */
import { GEOMETRY } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'addbbox',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The geometry with its bounding box.',
  signatures: [{ args: ['geometry'], returns: GEOMETRY }],
  examples: [
    ['supportsbbox(addbbox(dropbbox(st_point(1, 2))))', 't'],
    ['st_astext(addbbox(st_point(1, 2)))', 'POINT(1 2)'],
  ],
  spatial: 'addbbox',
});
