/**
 * How many values a list holds.
 */
import { INT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'value_count',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'How many values a list holds.',
  signatures: [{ args: ['string'], returns: INT8, kernel: 'value_count' }],
  examples: [
    ["value_count('1234567812345678')", '2'],
    ['value_count(null)', 'NULL'],
  ],
});
