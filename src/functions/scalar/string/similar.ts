/**
 * SIMILAR TO: SQL regular expressions over the whole string.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'similar',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'SIMILAR TO: SQL regular expressions over the whole string.',
  label: '?column?',
  literal: 1,
  signatures: [
    { args: ['string', 'string'], returns: BOOL, kernel: 'str_similar' },
    { args: ['string', 'string', 'string'], returns: BOOL, kernel: 'str_similar_escape' },
  ],
  examples: [
    ["'abc' similar to '(a|b)%'", 't'],
    ["'abc' similar to 'b'", 'f'],
  ],
  mayFail: true,
});
