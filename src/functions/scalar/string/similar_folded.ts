/**
 * SIMILAR TO under the collation case_insensitive.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'similar_folded',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'SIMILAR TO under the collation case_insensitive.',
  label: '?column?',
  literal: 1,
  signatures: [
    { args: ['string', 'string'], returns: BOOL, kernel: 'str_similar_folded' },
    { args: ['string', 'string', 'string'], returns: BOOL, kernel: 'str_similar_escape_folded' },
  ],
  examples: [
    ["'abc' similar to '(a|b)%'", 't'],
    ["'abc' similar to 'b'", 'f'],
  ],
  mayFail: true,
});
