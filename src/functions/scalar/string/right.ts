/**
 * Rightmost characters.
 */
import { sameString } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'right',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Rightmost characters.',
  signatures: [{ args: ['string', 'int4'], returns: sameString, kernel: 'str_right' }],
  examples: [
    ["right('Chicago', 5)", 'icago'],
    ["right('abc', -1)", ''],
  ],
});
