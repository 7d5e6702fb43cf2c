/**
 * Whether an array has an item; the third argument false makes nulls unknown.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';
import { boolean, call } from '../../expand-nodes.ts';

export default scalar({
  name: 'array_contains',
  runsOn: 'anywhere',
  nulls: 'custom',
  volatility: 'immutable',
  doc: 'Whether an array has an item; the third argument false makes nulls unknown.',
  signatures: [{ args: ['super', 'super', 'bool'], returns: BOOL, optional: 1, kernel: 'super_contains' }],
  examples: [
    ["array_contains(array('red', 'green'), 'red'::super)", 't'],
    ['array_contains(array(1), 2::super)', 'f'],
  ],
  mayFail: true,
  mayReturnNull: true,
  expand: (args, type) => call('array_contains', 0, type, args.length === 3 ? args : [...args, boolean(true)]),
});
