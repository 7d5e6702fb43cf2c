/**
 * Number of the first item of an array that is equal, from 0; -1 when there is none.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';
import { boolean, call } from '../../expand-nodes.ts';

export default scalar({
  name: 'array_position',
  runsOn: 'anywhere',
  nulls: 'custom',
  volatility: 'immutable',
  doc: 'Number of the first item of an array that is equal, from 0; -1 when there is none.',
  signatures: [{ args: ['super', 'super', 'bool'], returns: INT4, optional: 1, kernel: 'super_position' }],
  examples: [
    ["array_position(array('red', 'green'), 'green'::super)", '1'],
    ['array_position(array(1), 2::super)', '-1'],
  ],
  mayFail: true,
  mayReturnNull: true,
  expand: (args, type) => call('array_position', 0, type, args.length === 3 ? args : [...args, boolean(true)]),
});
