/**
 * How many coordinates a point has.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'st_ndims',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'How many coordinates a point has.',
  signatures: [{ args: ['geometry'], returns: INT4 }],
  examples: [
    ['st_ndims(st_point(1, 2))', '2'],
    ['st_ndims(st_makepoint(1, 2, 3, 4))', '4'],
  ],
  spatial: 'st_ndims',
});
