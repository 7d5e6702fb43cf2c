/**
 * Equal positions of two Soundex codes.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'difference',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Equal positions of two Soundex codes.',
  signatures: [{ args: ['string', 'string'], returns: INT4, kernel: 'str_difference' }],
  examples: [
    ["difference('Amazon', 'Ama')", '2'],
    ["difference('Amazon', '+-*/%')", '0'],
  ],
});
