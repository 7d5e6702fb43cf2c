/**
 * The items of an array and of the arrays in it, at every depth.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'array_flatten',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The items of an array and of the arrays in it, at every depth.',
  signatures: [{ args: ['super'], returns: SUPER, kernel: 'super_flatten' }],
  examples: [
    ["array_flatten(json_parse('[1,[2,[3,[]]]]'))", '[1,2,3]'],
    ['array_flatten(1::super)', 'NULL'],
  ],
  mayFail: true,
  mayReturnNull: true,
});
