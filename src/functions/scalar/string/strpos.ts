/**
 * Position of a substring in characters, 0 when absent.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'strpos',
  aliases: ['position'],
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Position of a substring in characters, 0 when absent.',
  signatures: [{ args: ['string', 'string'], returns: INT4, kernel: 'str_strpos' }],
  examples: [
    ["strpos('dogfish', 'fish')", '4'],
    ["strpos('dogfish', 'fist')", '0'],
  ],
});
