/**
 * Whether a SUPER value is neither an array nor an object.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';
import { superIs } from '../../super-calls.ts';

export default scalar({
  name: 'is_scalar',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether a SUPER value is neither an array nor an object.',
  signatures: [{ args: ['super'], returns: BOOL }],
  examples: [
    ["is_scalar('a'::super)", 't'],
    ['is_scalar(array(1))', 'f'],
  ],
  expand: (args) => superIs(args[0]!, 2),
});
