/**
 * Position of a substring (first argument) in a string, 0 when absent.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'charindex',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Position of a substring (first argument) in a string, 0 when absent.',
  signatures: [{ args: ['string', 'string'], returns: INT4, kernel: 'str_charindex' }],
  examples: [
    ["charindex('fish', 'dogfish')", '4'],
    ["charindex('x', 'dog')", '0'],
  ],
});
