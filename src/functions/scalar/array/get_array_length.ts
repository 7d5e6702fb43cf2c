/**
 * Number of items of an array.
 */
import { INT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'get_array_length',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Number of items of an array.',
  signatures: [{ args: ['super'], returns: INT8, kernel: 'super_length' }],
  examples: [
    ['get_array_length(array(1, 2, 3))', '3'],
    ["get_array_length('a'::super)", 'NULL'],
  ],
  mayReturnNull: true,
});
