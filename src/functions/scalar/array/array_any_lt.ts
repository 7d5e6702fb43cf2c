/**
 * value < ANY (array).
 */
import { BOOL } from '../../../types/sql-type.ts';
import { quantified } from '../../array-text.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'array_any_lt',
  internal: true,
  runsOn: 'leader',
  nulls: 'custom',
  volatility: 'immutable',
  doc: 'value < ANY (array).',
  label: '?column?',
  signatures: [{ args: ['any', 'array', 'text'], returns: BOOL }],
  examples: [
    ["1 < any ('{1,2}'::int[])", 't'],
    ["null::int < any ('{1}'::int[])", 'NULL'],
  ],
  host: (_, args) => quantified(false, (o) => o < 0, args),
});
