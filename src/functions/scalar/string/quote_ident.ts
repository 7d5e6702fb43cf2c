/**
 * An identifier with double quotes when it needs them.
 */
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'quote_ident',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'An identifier with double quotes when it needs them.',
  signatures: [{ args: ['string'], returns: VARCHAR, kernel: 'str_quote_ident' }],
  examples: [
    ["quote_ident('abc')", 'abc'],
    ["quote_ident('A b')", '"A b"'],
  ],
});
