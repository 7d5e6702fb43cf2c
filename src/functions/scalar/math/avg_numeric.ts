/**
 * sum / count of decimals, truncated (inside avg).
 */
import { firstType } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'avg_numeric',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'sum / count of decimals, truncated (inside avg).',
  signatures: [{ args: ['numeric', 'int8'], returns: firstType, kernel: 'avg_numeric' }],
  examples: [
    ['avg(1)', '1'],
    ['avg(2.5)', '2.5'],
  ],
  mayReturnNull: true,
});
