/**
 * The pieces of a string between a delimiter, as an array.
 */
import { formatArray } from '../../array-text.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'string_to_array',
  runsOn: 'leader',
  volatility: 'immutable',
  doc: 'The pieces of a string between a delimiter, as an array.',
  signatures: [{ args: ['string', 'string'], returns: { name: '_text' } }],
  examples: [
    ["string_to_array('a,b', ',')", '{a,b}'],
    ["string_to_array('', ',')", '{}'],
  ],
  host: (_, args) => {
    const text = String(args[0]);
    if (text === '') return '{}';
    return formatArray(args[1] === '' ? [text] : text.split(String(args[1])));
  },
});
