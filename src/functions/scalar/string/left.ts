/**
 * Leftmost characters.
 */
import { sameString } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'left',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Leftmost characters.',
  signatures: [{ args: ['string', 'int4'], returns: sameString, kernel: 'str_left' }],
  examples: [
    ["left('Chicago', 5)", 'Chica'],
    ["left('abc', 0)", ''],
  ],
});
