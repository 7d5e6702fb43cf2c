/**
 * The H3 cell of a longitude and latitude at a resolution.
 */
import { INT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'h3_fromlonglat',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The H3 cell of a longitude and latitude at a resolution.',
  signatures: [{ args: ['float8', 'float8', 'int4'], returns: INT8 }],
  examples: [
    ['h3_fromlonglat(0, 0, 0)', '578536630256664575'],
    ['h3_fromlonglat(0, 0, 16)', 'ERROR: the resolution must be between 0 and 15'],
  ],
  spatial: 'h3_fromlonglat',
});
