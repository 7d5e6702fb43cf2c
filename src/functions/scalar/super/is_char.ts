/**
 * Whether a SUPER value is a string of ASCII characters.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';
import { superIs } from '../../super-calls.ts';

export default scalar({
  name: 'is_char',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether a SUPER value is a string of ASCII characters.',
  signatures: [{ args: ['super'], returns: BOOL }],
  examples: [
    ["is_char('t'::super)", 't'],
    ['is_char(1::super)', 'f'],
  ],
  expand: (args) => superIs(args[0]!, 5),
});
