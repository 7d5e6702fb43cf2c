/**
 * Value in the first row of the frame.
 */
import { windowFunction } from '../define.ts';
import { firstType } from '../result-types.ts';
import { valueAt } from '../window-parts.ts';

export default windowFunction({
  name: 'first_value',
  doc: 'Value in the first row of the frame.',
  signatures: [{ args: ['any'], returns: firstType }],
  examples: [
    ['first_value(7) over ()', '7'],
    ['first_value(null::int ignore nulls) over ()', 'NULL'],
  ],
  takesFrame: true,
  order: 'optional',
  takesNulls: true,
  lower: ([arg], ignoreNulls) => ({ parts: [valueAt('first', arg!, ignoreNulls)], final: ([p]) => p! }),
});
