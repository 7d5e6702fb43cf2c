/**
 * Remainder of two 128-bit decimals of one scale (inside mod).
 */
import { firstType } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'numeric_mod',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Remainder of two 128-bit decimals of one scale (inside mod).',
  signatures: [{ args: ['numeric', 'numeric'], returns: firstType, kernel: 'i128_mod' }],
  examples: [
    ['mod(10.5, 4)', '2.5'],
    ['mod(-10.5, 4)', '-2.5'],
  ],
  mayFail: true,
});
