/**
 * Whether a SUPER value is true or false.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';
import { superIs } from '../../super-calls.ts';

export default scalar({
  name: 'is_boolean',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether a SUPER value is true or false.',
  signatures: [{ args: ['super'], returns: BOOL }],
  examples: [
    ['is_boolean(true::super)', 't'],
    ["is_boolean('a'::super)", 'f'],
  ],
  expand: (args) => superIs(args[0]!, 3),
});
