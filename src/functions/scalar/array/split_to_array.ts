/**
 * The pieces of a string between a delimiter, as an array; the delimiter is a comma when none is given.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';
import { call } from '../../expand-nodes.ts';
import { textConstant } from '../../text-constant.ts';

export default scalar({
  name: 'split_to_array',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The pieces of a string between a delimiter, as an array; the delimiter is a comma when none is given.',
  signatures: [{ args: ['string', 'string'], returns: SUPER, optional: 1, kernel: 'super_split' }],
  examples: [
    ["split_to_array('a|b', '|')", '["a","b"]'],
    ["split_to_array('a,b')", '["a","b"]'],
  ],
  mayFail: true,
  expand: (args, type) => call('split_to_array', 0, type, args.length === 2 ? args : [...args, textConstant(',')]),
});
