/**
 * Whether a SUPER value is a string.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';
import { superIs } from '../../super-calls.ts';

export default scalar({
  name: 'is_varchar',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether a SUPER value is a string.',
  signatures: [{ args: ['super'], returns: BOOL }],
  examples: [
    ["is_varchar('abc'::super)", 't'],
    ['is_varchar(1::super)', 'f'],
  ],
  expand: (args) => superIs(args[0]!, 4),
});
