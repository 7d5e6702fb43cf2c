/**
 * The union of two HyperLogLog sketches.
 */
import { HLLSKETCH } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'hll_combine_sketches',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The union of two HyperLogLog sketches.',
  signatures: [{ args: ['hllsketch', 'hllsketch'], returns: HLLSKETCH, kernel: 'hll_combine_sketches' }],
  examples: [
    [
      `hll_combine_sketches('{"version":1,"logm":15,"sparse":{"indices":[5,9],"values":[1,2]}}'::hllsketch,
        '{"version":1,"logm":15,"sparse":{"indices":[9,11],"values":[3,1]}}'::hllsketch)`,
      '{"version":1,"logm":15,"sparse":{"indices":[5,9,11],"values":[1,3,1]}}',
    ],
    ['hll_combine_sketches(null, null)', 'NULL'],
  ],
  mayFail: true,
});
