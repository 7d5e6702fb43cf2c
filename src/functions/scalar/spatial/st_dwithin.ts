/**
 * Whether their distance in the plane is not larger than a threshold.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_dwithin',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether their distance in the plane is not larger than a threshold.',
  signatures: [{ args: ['geometry', 'geometry', 'float8'], returns: BOOL }],
  examples: [
    ['st_dwithin(st_point(0, 0), st_point(3, 4), 5)', 't'],
    ['st_dwithin(st_point(0, 0), st_point(3, 4), 4.9)', 'f'],
    ['st_dwithin(st_point(0, 0), st_point(3, 4), -1)', 'ERROR: the threshold is negative'],
  ],
  spatial: 'st_dwithin',
});
