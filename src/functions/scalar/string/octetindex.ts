/**
 * Byte position of a substring (first argument) in a string, 0 when absent.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'octetindex',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Byte position of a substring (first argument) in a string, 0 when absent.',
  signatures: [{ args: ['string', 'string'], returns: INT4, kernel: 'str_octetindex' }],
  examples: [
    ["octetindex('AWS', 'Amazon AWS')", '8'],
    ["octetindex('', 'Amazon')", '1'],
  ],
});
