/**
 * NOT SIMILAR TO.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'not_similar',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'NOT SIMILAR TO.',
  label: '?column?',
  literal: 1,
  signatures: [
    { args: ['string', 'string'], returns: BOOL, kernel: 'str_not_similar' },
    { args: ['string', 'string', 'string'], returns: BOOL, kernel: 'str_not_similar_escape' },
  ],
  examples: [
    ["'abc' not similar to '(a|b)%'", 'f'],
    ["'abc' not similar to 'b'", 't'],
  ],
  mayFail: true,
});
