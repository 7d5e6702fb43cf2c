/**
 * var_samp from the state of its values and their scale (inside var_samp).
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'var_samp_final',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'var_samp from the state of its values and their scale (inside var_samp).',
  signatures: [{ args: ['varchar', 'int4'], returns: FLOAT8, kernel: 'var_samp_final' }],
  examples: [
    ['var_samp(1)', 'NULL'],
    ['var_samp(null::int)', 'NULL'],
  ],
  mayFail: true,
  mayReturnNull: true,
});
