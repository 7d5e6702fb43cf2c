/**
 * A number to a power.
 */
import { FLOAT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'power',
  aliases: ['pow'],
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A number to a power.',
  signatures: [{ args: ['float8', 'float8'], returns: FLOAT8, kernel: 'math_power' }],
  examples: [
    ['power(2, 10)', '1024'],
    ['power(4, 0.5)', '2'],
  ],
  mayFail: true,
});
