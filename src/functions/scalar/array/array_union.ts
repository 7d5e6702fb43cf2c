/**
 * The items of two arrays, equal ones once.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';
import { call } from '../../expand-nodes.ts';

export default scalar({
  name: 'array_union',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The items of two arrays, equal ones once.',
  signatures: [{ args: ['super', 'super'], returns: SUPER }],
  examples: [
    ['array_union(array(1, 2), array(2, 3))', '[1,2,3]'],
    ["array_union(array('a'), array('a'))", '["a"]'],
  ],
  expand: (args, type) => call('array_distinct', 0, type, [call('array_concat', 0, type, args)]),
});
