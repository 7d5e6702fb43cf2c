/**
 * A part of an array, by its first item (0 is the first, -1 the last) and length.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';
import { call, int4 } from '../../expand-nodes.ts';

export default scalar({
  name: 'subarray',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A part of an array, by its first item (0 is the first, -1 the last) and length.',
  signatures: [{ args: ['super', 'int4', 'int4'], returns: SUPER, optional: 1, kernel: 'super_subarray' }],
  examples: [
    ["subarray(array('a', 'b', 'c'), 1, 1)", '["b"]'],
    ["subarray(array('a', 'b', 'c'), -2)", '["b","c"]'],
  ],
  mayFail: true,
  mayReturnNull: true,
  expand: (args, type) => call('subarray', 0, type, args.length === 3 ? args : [...args, int4(2147483647)]),
});
