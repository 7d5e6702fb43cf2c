/**
 * Characters (bytes of a VARBYTE) from a position, from 1, as many as asked; positions before the first count.
 */
import { firstType, sameString } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'substring',
  aliases: ['substr'],
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Characters (bytes of a VARBYTE) from a position, from 1, as many as asked; positions before the first count.',
  signatures: [
    { args: ['string', 'int4'], returns: sameString, kernel: 'str_substring' },
    { args: ['string', 'int4', 'int4'], returns: sameString, kernel: 'str_substring_len' },
    { args: ['varbyte', 'int4'], returns: firstType, kernel: 'varbyte_substring' },
    { args: ['varbyte', 'int4', 'int4'], returns: firstType, kernel: 'varbyte_substring_len' },
  ],
  examples: [
    ["substring('caterpillar', 6, 4)", 'pill'],
    ["substring('caterpillar', -2, 6)", 'cat'],
    ["substring('caterpillar', 6, -1)", 'ERROR: negative substring length not allowed'],
  ],
  mayFail: true,
});
