/**
 * Items of an array joined by a delimiter; NULL items are left out.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { parseArray } from '../../array-text.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'array_to_string',
  runsOn: 'leader',
  volatility: 'immutable',
  doc: 'Items of an array joined by a delimiter; NULL items are left out.',
  signatures: [{ args: ['array', 'string'], returns: TEXT }],
  examples: [
    ["array_to_string('{a,b}'::text[], '-')", 'a-b'],
    ["array_to_string('{1,null,2}'::int[], ',')", '1,2'],
  ],
  host: (_, args) =>
    parseArray(args[0]!)
      .items.filter((i) => i !== null)
      .join(String(args[1])),
});
