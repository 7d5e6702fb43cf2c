/**
 * Order of two arrays, item by item: -1, 0 or 1. The third argument says how their items are ordered.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { compareArrays, type ItemOrder } from '../../array-text.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'array_compare',
  internal: true,
  runsOn: 'leader',
  volatility: 'immutable',
  doc: 'Order of two arrays, item by item: -1, 0 or 1. The third argument says how their items are ordered.',
  label: '?column?',
  signatures: [{ args: ['array', 'array', 'text'], returns: INT4 }],
  examples: [
    ['array[10] > array[9]', 't'],
    ["array['10'] > array['9']", 'f'],
    ['array[1, null] > array[1, 2]', 't'],
  ],
  host: (_, args) => compareArrays(args[2] as ItemOrder, args[0]!, args[1]!),
});
