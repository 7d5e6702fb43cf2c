/**
 * Removes blanks, or the characters of a set, from the left end.
 */
import { sameString } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'ltrim',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Removes blanks, or the characters of a set, from the left end.',
  signatures: [
    { args: ['string'], returns: sameString, kernel: 'str_ltrim' },
    { args: ['string', 'string'], returns: sameString, kernel: 'str_ltrim_set' },
  ],
  examples: [
    ["ltrim('2008-01-24 06:43:29', '2008-')", '1-24 06:43:29'],
    ["ltrim('  a ')", 'a '],
  ],
});
