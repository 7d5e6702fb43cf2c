/**
 * Whether a SUPER value is an object.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';
import { superIs } from '../../super-calls.ts';

export default scalar({
  name: 'is_object',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether a SUPER value is an object.',
  signatures: [{ args: ['super'], returns: BOOL }],
  examples: [
    ['is_object(object())', 't'],
    ['is_object(array())', 'f'],
  ],
  expand: (args) => superIs(args[0]!, 1),
});
