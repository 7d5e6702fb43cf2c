/**
 * Characters of a string (char without its padding), bytes of a VARBYTE.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'length',
  aliases: ['len', 'char_length', 'character_length', 'textlen'],
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Characters of a string (char without its padding), bytes of a VARBYTE.',
  signatures: [
    { args: ['string'], returns: INT4, kernel: 'str_length' },
    { args: ['varbyte'], returns: INT4, kernel: 'varbyte_length' },
  ],
  examples: [
    ["length('français')", '8'],
    ["length('')", '0'],
    ["length('abc ')", '4'],
  ],
});
