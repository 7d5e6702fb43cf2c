/**
 * Lowest index of an array.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { parseArray } from '../../array-text.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'array_lower',
  runsOn: 'leader',
  volatility: 'immutable',
  doc: 'Lowest index of an array.',
  signatures: [{ args: ['array', 'int4'], returns: INT4 }],
  examples: [
    ["array_lower('{a,b}'::text[], 1)", '1'],
    ["array_lower('{a}'::text[], 2)", 'NULL'],
  ],
  host: (_, args) => {
    const { lower, items } = parseArray(args[0]!);
    return items.length === 0 || Number(args[1]) !== 1 ? null : lower;
  },
});
