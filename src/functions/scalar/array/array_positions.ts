/**
 * Numbers of the items of an array that are equal, from 0.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';
import { boolean, call } from '../../expand-nodes.ts';

export default scalar({
  name: 'array_positions',
  runsOn: 'anywhere',
  nulls: 'custom',
  volatility: 'immutable',
  doc: 'Numbers of the items of an array that are equal, from 0.',
  signatures: [{ args: ['super', 'super', 'bool'], returns: SUPER, optional: 1, kernel: 'super_positions' }],
  examples: [
    ["array_positions(array('a', 'b', 'a'), 'a'::super)", '[0,2]'],
    ['array_positions(array(1), 2::super)', '[]'],
  ],
  mayFail: true,
  mayReturnNull: true,
  expand: (args, type) => call('array_positions', 0, type, args.length === 3 ? args : [...args, boolean(true)]),
});
