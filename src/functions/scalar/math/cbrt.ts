/**
 * Cube root.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'cbrt',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Cube root.',
  signatures: [{ args: ['float8'], returns: FLOAT8, kernel: 'math_cbrt' }],
  examples: [
    ['cbrt(27)', '3'],
    ['cbrt(-8)', '-2'],
  ],
});
