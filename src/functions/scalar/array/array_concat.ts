/**
 * The items of two arrays.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'array_concat',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The items of two arrays.',
  signatures: [{ args: ['super', 'super'], returns: SUPER, kernel: 'super_concat' }],
  examples: [
    ["array_concat(array(1), array('a'))", '[1,"a"]'],
    ['array_concat(array(1), 1::super)', 'NULL'],
  ],
  mayFail: true,
  mayReturnNull: true,
});
