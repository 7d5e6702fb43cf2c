/**
 * What the output function of a type gave, as a text.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'textin',
  runsOn: 'leader',
  volatility: 'immutable',
  doc: 'What the output function of a type gave, as a text.',
  signatures: [{ args: ['text'], returns: TEXT }],
  examples: [
    ["textin('a b')", 'a b'],
    ['textin(regprocedureout(0::oid::regprocedure))', '-'],
  ],
  host: (_context, args) => String(args[0]),
});
