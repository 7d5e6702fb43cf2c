/**
 * Code point of the first character.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'ascii',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Code point of the first character.',
  signatures: [{ args: ['string'], returns: INT4, kernel: 'str_ascii' }],
  examples: [
    ["ascii('amazon')", '97'],
    ["ascii('')", '0'],
  ],
});
