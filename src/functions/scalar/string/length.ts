/**
 * Characters of a string (char without its padding).
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'length',
  aliases: ['len', 'char_length', 'character_length', 'textlen'],
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Characters of a string (char without its padding).',
  signatures: [{ args: ['string'], returns: INT4, kernel: 'str_length' }],
  examples: [
    ["length('français')", '8'],
    ["length('')", '0'],
    ["length('abc ')", '4'],
  ],
});
