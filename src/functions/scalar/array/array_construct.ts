/**
 * An array of the arguments (ARRAY[...]).
 */
import { formatArray } from '../../array-text.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'array_construct',
  internal: true,
  runsOn: 'leader',
  nulls: 'custom',
  volatility: 'immutable',
  doc: 'An array of the arguments (ARRAY[...]).',
  signatures: [{ args: ['any'], variadic: true, returns: { name: '_text' } }],
  examples: [
    ["array_to_string(array['a', 'b'], ',')", 'a,b'],
    ["array['x y']", '{"x y"}'],
  ],
  host: (_, args) => formatArray(args),
});
