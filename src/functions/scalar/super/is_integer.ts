/**
 * Whether a SUPER value is a whole number in the range of INTEGER.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';
import { superIs } from '../../super-calls.ts';

export default scalar({
  name: 'is_integer',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether a SUPER value is a whole number in the range of INTEGER.',
  signatures: [{ args: ['super'], returns: BOOL }],
  examples: [
    ['is_integer(40000::super)', 't'],
    ['is_integer(5.5::super)', 'f'],
  ],
  expand: (args) => superIs(args[0]!, 32),
});
