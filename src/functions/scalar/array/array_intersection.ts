/**
 * The items that two arrays share, one for one; as a set when the third argument is true.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';
import { boolean, call } from '../../expand-nodes.ts';

export default scalar({
  name: 'array_intersection',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The items that two arrays share, one for one; as a set when the third argument is true.',
  signatures: [{ args: ['super', 'super', 'bool'], returns: SUPER, optional: 1, kernel: 'super_intersection' }],
  examples: [
    ["array_intersection(array('a', 'b'), array('b', 'c'))", '["b"]'],
    ["array_intersection(array('b', 'b'), array('b', 'b'), true)", '["b"]'],
  ],
  mayFail: true,
  mayReturnNull: true,
  expand: (args, type) => call('array_intersection', 0, type, args.length === 3 ? args : [...args, boolean(false)]),
});
