/**
 * Natural logarithm.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'ln',
  aliases: ['dlog1'],
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Natural logarithm.',
  signatures: [{ args: ['float8'], returns: FLOAT8, kernel: 'math_ln' }],
  examples: [
    ['ln(1)', '0'],
    ['ln(0)', 'ERROR: cannot take logarithm of zero'],
  ],
  mayFail: true,
});
