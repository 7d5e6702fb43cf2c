/**
 * Lower case, UTF-8 aware.
 */
import { sameString } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'lower',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Lower case, UTF-8 aware.',
  signatures: [{ args: ['string'], returns: sameString, kernel: 'str_lower' }],
  examples: [
    ["lower('ÉCOLE ABC')", 'école abc'],
    ["lower('ABC')", 'abc'],
  ],
});
