/**
 * Removes blanks, or the characters of a set, from the right end.
 */
import { sameString } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'rtrim',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Removes blanks, or the characters of a set, from the right end.',
  signatures: [
    { args: ['string'], returns: sameString, kernel: 'str_rtrim' },
    { args: ['string', 'string'], returns: sameString, kernel: 'str_rtrim_set' },
  ],
  examples: [
    ["rtrim('xyzaxyzbxyzcxyz', 'xyz')", 'xyzaxyzbxyzc'],
    ["rtrim(' a  ')", ' a'],
  ],
});
