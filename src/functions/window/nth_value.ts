/**
 * Value in the n-th row of the frame, NULL where there is none.
 */
import { windowFunction } from '../define.ts';
import { firstType } from '../result-types.ts';
import { valueAt } from '../window-parts.ts';

export default windowFunction({
  name: 'nth_value',
  doc: 'Value in the n-th row of the frame, NULL where there is none.',
  signatures: [{ args: ['any', 'int8'], returns: firstType }],
  examples: [
    ['nth_value(7, 1) over ()', '7'],
    ['nth_value(7, 2) over ()', 'NULL'],
  ],
  takesFrame: true,
  order: 'optional',
  takesNulls: true,
  lower: ([arg, n], ignoreNulls) => ({ parts: [valueAt('nth', arg!, ignoreNulls, n!)], final: ([p]) => p! }),
});
