/**
 * Drops decimal digits: mode 0 half away, 1 truncate, 2 up, 3 down (inside round, trunc, ceil, floor).
 */
import { firstType } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'numeric_cut',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Drops decimal digits: mode 0 half away, 1 truncate, 2 up, 3 down (inside round, trunc, ceil, floor).',
  signatures: [{ args: ['numeric', 'int4', 'int4'], returns: firstType, kernel: 'numeric_cut' }],
  examples: [
    ['round(2.5)', '3'],
    ['floor(-2.5)', '-3'],
  ],
});
