/**
 * The characters in reverse order.
 */
import { sameString } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'reverse',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The characters in reverse order.',
  signatures: [{ args: ['string'], returns: sameString, kernel: 'str_reverse' }],
  examples: [
    ["reverse('abcdé')", 'édcba'],
    ["reverse('')", ''],
  ],
});
