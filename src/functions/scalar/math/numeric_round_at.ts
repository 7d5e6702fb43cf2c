/**
 * Rounds or truncates a 128-bit decimal of a scale at a digit, keeping the scale (inside round and trunc).
 */
import { firstType } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'numeric_round_at',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Rounds or truncates a 128-bit decimal of a scale at a digit, keeping the scale (inside round and trunc).',
  signatures: [{ args: ['numeric', 'int4', 'int4', 'int4'], returns: firstType, kernel: 'numeric_round_at' }],
  examples: [
    ['round(28.05, -1)', '30'],
    ['trunc(111.15, -1)', '110'],
  ],
  mayFail: true,
});
