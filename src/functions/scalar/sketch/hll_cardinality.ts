/**
 * Approximate number of distinct values a sketch was made of.
 */
import { INT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'hll_cardinality',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Approximate number of distinct values a sketch was made of.',
  signatures: [{ args: ['hllsketch'], returns: INT8, kernel: 'hll_cardinality' }],
  examples: [
    [`hll_cardinality('{"version":1,"logm":15,"sparse":{"indices":[5,9],"values":[1,2]}}'::hllsketch)`, '2'],
    ['hll_cardinality(null)', 'NULL'],
  ],
  mayFail: true,
});
