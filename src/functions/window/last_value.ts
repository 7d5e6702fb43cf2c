/**
 * Value in the last row of the frame.
 */
import { windowFunction } from '../define.ts';
import { firstType } from '../result-types.ts';
import { valueAt } from '../window-parts.ts';

export default windowFunction({
  name: 'last_value',
  doc: 'Value in the last row of the frame.',
  signatures: [{ args: ['any'], returns: firstType }],
  examples: [
    ['last_value(7) over ()', '7'],
    ['last_value(null::int ignore nulls) over ()', 'NULL'],
  ],
  takesFrame: true,
  order: 'optional',
  takesNulls: true,
  lower: ([arg], ignoreNulls) => ({ parts: [valueAt('last', arg!, ignoreNulls)], final: ([p]) => p! }),
});
