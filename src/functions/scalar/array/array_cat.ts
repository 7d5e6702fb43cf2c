/**
 * Two arrays one behind the other (the operator || on arrays).
 */
import { formatArray, parseArray } from '../../array-text.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'array_cat',
  runsOn: 'leader',
  nulls: 'custom',
  volatility: 'immutable',
  doc: 'Two arrays one behind the other (the operator || on arrays).',
  signatures: [{ args: ['array', 'array'], returns: (args) => args[0]! }],
  examples: [
    ["'{a}'::text[] || '{b,c}'::text[]", '{a,b,c}'],
    ["'{a}'::text[] || null::text[]", '{a}'],
  ],
  host: (_, args) => {
    if (args[0] === null || args[1] === null) return args[0] ?? args[1]!;
    return formatArray(args.flatMap((a) => parseArray(a).items));
  },
});
