/**
 * Whether a SUPER value is a whole number in the range of SMALLINT.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';
import { superIs } from '../../super-calls.ts';

export default scalar({
  name: 'is_smallint',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether a SUPER value is a whole number in the range of SMALLINT.',
  signatures: [{ args: ['super'], returns: BOOL }],
  examples: [
    ['is_smallint(5::super)', 't'],
    ['is_smallint(40000::super)', 'f'],
  ],
  expand: (args) => superIs(args[0]!, 16),
});
