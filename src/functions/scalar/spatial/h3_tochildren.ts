/**
 * The cells of a finer resolution that an H3 cell is made of, as an array.
 */
import { SUPER, TEXT } from '../../../types/sql-type.ts';
import { call } from '../../expand-nodes.ts';
import { superOfJson } from '../../super-calls.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'h3_tochildren',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The cells of a finer resolution that an H3 cell is made of, as an array.',
  signatures: [
    { args: ['int8', 'int4'], returns: SUPER },
    { args: ['varchar', 'int4'], returns: SUPER },
  ],
  examples: [
    ['get_array_length(h3_tochildren(577129255373111295, 1))', '7'],
    ['h3_tochildren(577129255373111295, 0)', '[577129255373111295]'],
  ],
  expand: (args, _type, signature) => superOfJson(call('h3_tochildren_text', signature, TEXT, args)),
});
