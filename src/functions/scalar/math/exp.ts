/**
 * e to a power.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'exp',
  aliases: ['dexp'],
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'e to a power.',
  signatures: [{ args: ['float8'], returns: FLOAT8, kernel: 'math_exp' }],
  examples: [
    ['exp(0)', '1'],
    ['exp(1000)', 'ERROR: value out of range: overflow'],
  ],
  mayFail: true,
});
