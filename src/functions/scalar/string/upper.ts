/**
 * Upper case, UTF-8 aware.
 */
import { sameString } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'upper',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Upper case, UTF-8 aware.',
  signatures: [{ args: ['string'], returns: sameString, kernel: 'str_upper' }],
  examples: [
    ["upper('straße é')", 'STRAßE É'],
    ["upper('abc')", 'ABC'],
  ],
});
