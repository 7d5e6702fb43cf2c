/**
 * var_pop from the state of its values and their scale (inside var_pop).
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'var_pop_final',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'var_pop from the state of its values and their scale (inside var_pop).',
  signatures: [{ args: ['varchar', 'int4'], returns: FLOAT8, kernel: 'var_pop_final' }],
  examples: [
    ['var_pop(1)', '0'],
    ['var_pop(null::int)', 'NULL'],
  ],
  mayFail: true,
  mayReturnNull: true,
});
