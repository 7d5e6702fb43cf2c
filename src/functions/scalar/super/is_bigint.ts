/**
 * Whether a SUPER value is a whole number in the range of BIGINT.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';
import { superIs } from '../../super-calls.ts';

export default scalar({
  name: 'is_bigint',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether a SUPER value is a whole number in the range of BIGINT.',
  signatures: [{ args: ['super'], returns: BOOL }],
  examples: [
    ['is_bigint(5000000000::super)', 't'],
    ["is_bigint('a'::super)", 'f'],
  ],
  expand: (args) => superIs(args[0]!, 64),
});
