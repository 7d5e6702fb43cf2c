/**
 * Bounds of an array as text.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { parseArray } from '../../array-text.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'array_dims',
  runsOn: 'leader',
  volatility: 'immutable',
  doc: 'Bounds of an array as text.',
  signatures: [{ args: ['array'], returns: TEXT }],
  examples: [
    ["array_dims('{a,b}'::text[])", '[1:2]'],
    ["array_dims('{}'::text[])", 'NULL'],
  ],
  host: (_, args) => {
    const { lower, items } = parseArray(args[0]!);
    return items.length === 0 ? null : `[${lower}:${lower + items.length - 1}]`;
  },
});
