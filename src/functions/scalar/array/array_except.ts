/**
 * The items of an array without those of another, one for one; as a set when the third argument is true.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';
import { boolean, call } from '../../expand-nodes.ts';

export default scalar({
  name: 'array_except',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The items of an array without those of another, one for one; as a set when the third argument is true.',
  signatures: [{ args: ['super', 'super', 'bool'], returns: SUPER, optional: 1, kernel: 'super_except' }],
  examples: [
    ["array_except(array('a', 'b'), array('b'))", '["a"]'],
    ["array_except(array('b', 'b'), array('b'))", '["b"]'],
  ],
  mayFail: true,
  mayReturnNull: true,
  expand: (args, type) => call('array_except', 0, type, args.length === 3 ? args : [...args, boolean(false)]),
});
