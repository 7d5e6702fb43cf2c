/**
 * Item of an array by index, NULL outside its bounds.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { parseArray } from '../../array-text.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'array_subscript',
  internal: true,
  runsOn: 'leader',
  volatility: 'immutable',
  doc: 'Item of an array by index, NULL outside its bounds.',
  signatures: [{ args: ['array', 'int4'], returns: TEXT }],
  examples: [
    ["('{a,b}'::text[])[2]", 'b'],
    ["('{a,b}'::text[])[3]", 'NULL'],
  ],
  host: (_, args) => {
    const { lower, items } = parseArray(args[0]!);
    return items[Number(args[1]) - lower] ?? null;
  },
});
