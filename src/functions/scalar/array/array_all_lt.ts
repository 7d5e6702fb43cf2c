/**
 * value < ALL (array).
 */
import { BOOL } from '../../../types/sql-type.ts';
import { quantified } from '../../array-text.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'array_all_lt',
  internal: true,
  runsOn: 'leader',
  nulls: 'custom',
  volatility: 'immutable',
  doc: 'value < ALL (array).',
  label: '?column?',
  signatures: [{ args: ['any', 'array', 'text'], returns: BOOL }],
  examples: [
    ["1 < all ('{1,2}'::int[])", 'f'],
    ["null::int < all ('{1}'::int[])", 'NULL'],
  ],
  host: (_, args) => quantified(true, (o) => o < 0, args),
});
