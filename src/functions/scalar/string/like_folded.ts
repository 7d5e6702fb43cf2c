/**
 * LIKE under the collation case_insensitive.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'like_folded',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'LIKE under the collation case_insensitive.',
  label: '?column?',
  signatures: [
    { args: ['string', 'string'], returns: BOOL, kernel: 'str_like_folded' },
    { args: ['string', 'string', 'string'], returns: BOOL, kernel: 'str_like_escape_folded' },
  ],
  examples: [
    ["'ABC' ilike 'a%'", 't'],
    ["'ABC' ilike 'b'", 'f'],
  ],
  mayFail: true,
});
