/**
 * Absolute value of a 128-bit decimal (the decimal form of abs).
 */
import { firstType } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'numeric_abs',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Absolute value of a 128-bit decimal (the decimal form of abs).',
  signatures: [{ args: ['numeric'], returns: firstType, kernel: 'i128_abs' }],
  examples: [
    ['abs(-1.5)', '1.5'],
    ['abs(1.5)', '1.5'],
  ],
});
