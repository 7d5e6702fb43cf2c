/**
 * The count that a HyperLogLog register string stands for (inside approximate count).
 */
import { INT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'hll_estimate',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The count that a HyperLogLog register string stands for (inside approximate count).',
  signatures: [{ args: ['string'], returns: INT8, kernel: 'hll_estimate' }],
  examples: [
    ['approximate count(distinct 1)', '1'],
    ['hll_estimate(null)', 'NULL'],
  ],
});
