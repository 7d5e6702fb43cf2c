/**
 * Whether a SUPER value is a float.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';
import { superIs } from '../../super-calls.ts';

export default scalar({
  name: 'is_float',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether a SUPER value is a float.',
  signatures: [{ args: ['super'], returns: BOOL }],
  examples: [
    ['is_float(2.22::float::super)', 't'],
    ['is_float(5::super)', 'f'],
  ],
  expand: (args) => superIs(args[0]!, 7),
});
