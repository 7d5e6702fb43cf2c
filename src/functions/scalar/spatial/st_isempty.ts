/**
 * Whether it has no point.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_isempty',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether it has no point.',
  signatures: [{ args: ['geometry'], returns: BOOL }],
  examples: [
    ["st_isempty(st_geomfromtext('POINT EMPTY'))", 't'],
    ['st_isempty(st_point(1, 2))', 'f'],
  ],
  spatial: 'st_isempty',
});
