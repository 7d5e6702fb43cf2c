/**
 * var_pop from count, sum and sum of squares (inside var_pop).
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'var_pop_final',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'var_pop from count, sum and sum of squares (inside var_pop).',
  signatures: [{ args: ['int8', 'float8', 'float8'], returns: FLOAT8, kernel: 'var_pop_final' }],
  examples: [
    ['var_pop_final(2, 3, 5)', '0.25'],
    ['var_pop_final(0, 0, 0)', 'NULL'],
  ],
  mayReturnNull: true,
});
