/**
 * Sine.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'sin',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Sine.',
  signatures: [{ args: ['float8'], returns: FLOAT8, kernel: 'math_sin' }],
  examples: [
    ['sin(0)', '0'],
    ['sin(pi() / 2)', '1'],
  ],
  mayFail: true,
});
