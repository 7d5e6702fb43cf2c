/**
 * Whether it is a multi geometry or a collection.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_iscollection',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether it is a multi geometry or a collection.',
  signatures: [{ args: ['geometry'], returns: BOOL }],
  examples: [
    ["st_iscollection(st_geomfromtext('MULTIPOINT(1 2)'))", 't'],
    ['st_iscollection(st_point(1, 2))', 'f'],
  ],
  spatial: 'st_iscollection',
});
