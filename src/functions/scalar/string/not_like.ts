/**
 * NOT LIKE.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'not_like',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'NOT LIKE.',
  label: '?column?',
  signatures: [
    { args: ['string', 'string'], returns: BOOL, kernel: 'str_not_like' },
    { args: ['string', 'string', 'string'], returns: BOOL, kernel: 'str_not_like_escape' },
  ],
  examples: [
    ["'abc' not like 'a%'", 'f'],
    ["'abc' not like '_'", 't'],
  ],
  mayFail: true,
});
