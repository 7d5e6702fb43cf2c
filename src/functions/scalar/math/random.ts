/**
 * A random number from 0 up to 1.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'random',
  runsOn: 'anywhere',
  volatility: 'volatile',
  doc: 'A random number from 0 up to 1.',
  signatures: [{ args: [], returns: FLOAT8, kernel: 'math_random' }],
  examples: [
    ['random() < 1', 't'],
    ['random() >= 0', 't'],
  ],
});
