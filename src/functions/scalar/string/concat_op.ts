/**
 * The operator || on strings.
 */
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'concat_op',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The operator || on strings.',
  label: '?column?',
  signatures: [{ args: ['string', 'string'], returns: VARCHAR, kernel: 'str_concat' }],
  examples: [
    ["'a' || 'b'", 'ab'],
    ["'a' || null", 'NULL'],
  ],
  mayFail: true,
});
