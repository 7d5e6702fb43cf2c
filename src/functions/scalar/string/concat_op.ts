/**
 * The operator || on strings.
 */
import { concatenated, concatenatedBytes } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'concat_op',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The operator || on strings.',
  label: '?column?',
  signatures: [
    { args: ['string', 'string'], returns: concatenated, kernel: 'str_concat' },
    { args: ['varbyte', 'varbyte'], returns: concatenatedBytes, kernel: 'varbyte_concat' },
  ],
  examples: [
    ["'a' || 'b'", 'ab'],
    ["'a' || null", 'NULL'],
  ],
  mayFail: true,
});
