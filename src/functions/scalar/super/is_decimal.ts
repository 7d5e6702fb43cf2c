/**
 * Whether a SUPER value is a number that is no float.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';
import { superIs } from '../../super-calls.ts';

export default scalar({
  name: 'is_decimal',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether a SUPER value is a number that is no float.',
  signatures: [{ args: ['super'], returns: BOOL }],
  examples: [
    ['is_decimal(1.22::super)', 't'],
    ["is_decimal('a'::super)", 'f'],
  ],
  expand: (args) => superIs(args[0]!, 6),
});
