/**
 * How many items an array, or attributes an object, has that a path leads to.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'super_rows',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'How many items an array, or attributes an object, has that a path leads to.',
  signatures: [{ args: ['super', 'string', 'int4'], returns: INT4, kernel: 'super_rows' }],
  examples: [
    ['get_array_length(array(1, 2))', '2'],
    ['get_array_length(1::super)', 'NULL'],
  ],
});
