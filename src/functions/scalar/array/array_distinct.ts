/**
 * The items of an array, equal ones once.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'array_distinct',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The items of an array, equal ones once.',
  signatures: [{ args: ['super'], returns: SUPER, kernel: 'super_distinct' }],
  examples: [
    ["array_distinct(array(1, 1, 'a', null, null))", '[1,"a",null]'],
    ['array_distinct(1::super)', 'NULL'],
  ],
  mayFail: true,
  mayReturnNull: true,
});
