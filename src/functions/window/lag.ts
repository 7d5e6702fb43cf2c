/**
 * Value in the row so many rows before this one in its partition (1 unless said), NULL where there is none.
 */
import { windowFunction } from '../define.ts';
import { firstType } from '../result-types.ts';
import { int8, valueAt } from '../window-parts.ts';

export default windowFunction({
  name: 'lag',
  doc: 'Value in the row so many rows before this one in its partition (1 unless said), NULL where there is none.',
  signatures: [{ args: ['any', 'int8'], optional: 1, returns: firstType }],
  examples: [
    ['lag(7) over (order by 1)', 'NULL'],
    ['lag(7, 0) over (order by 1)', '7'],
  ],
  takesFrame: false,
  order: 'required',
  takesNulls: true,
  lower: ([arg, offset], ignoreNulls) => ({
    parts: [valueAt('lag', arg!, ignoreNulls, offset ?? int8(1n))],
    final: ([p]) => p!,
  }),
});
