/**
 * Whether a SUPER value is an array.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';
import { superIs } from '../../super-calls.ts';

export default scalar({
  name: 'is_array',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether a SUPER value is an array.',
  signatures: [{ args: ['super'], returns: BOOL }],
  examples: [
    ['is_array(array(1))', 't'],
    ["is_array('a'::super)", 'f'],
  ],
  expand: (args) => superIs(args[0]!, 0),
});
