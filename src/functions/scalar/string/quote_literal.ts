/**
 * A string as a literal, quotes and backslashes doubled.
 */
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'quote_literal',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A string as a literal, quotes and backslashes doubled.',
  signatures: [{ args: ['string'], returns: VARCHAR, kernel: 'str_quote_literal' }],
  examples: [
    ["quote_literal('it''s')", "'it''s'"],
    ["quote_literal('a')", "'a'"],
  ],
});
