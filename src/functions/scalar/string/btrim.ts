/**
 * Removes blanks, or the characters of a set, from both ends.
 */
import { sameString } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'btrim',
  aliases: ['trim'],
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Removes blanks, or the characters of a set, from both ends.',
  signatures: [
    { args: ['string'], returns: sameString, kernel: 'str_btrim' },
    { args: ['string', 'string'], returns: sameString, kernel: 'str_btrim_set' },
  ],
  examples: [
    ["btrim('  abc  ')", 'abc'],
    ["btrim('xyzaxyz', 'zyx')", 'a'],
  ],
});
