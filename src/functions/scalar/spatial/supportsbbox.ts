/**
 * Whether the geometry is kept with its bounding box.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'supportsbbox',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether the geometry is kept with its bounding box.',
  signatures: [{ args: ['geometry'], returns: BOOL }],
  examples: [
    ['supportsbbox(st_point(1, 2))', 't'],
    ['supportsbbox(dropbbox(st_point(1, 2)))', 'f'],
  ],
  spatial: 'supportsbbox',
});
