/**
 * LIKE with its escape character, backslash by default.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'like',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'LIKE with its escape character, backslash by default.',
  label: '?column?',
  signatures: [
    { args: ['string', 'string'], returns: BOOL, kernel: 'str_like' },
    { args: ['string', 'string', 'string'], returns: BOOL, kernel: 'str_like_escape' },
  ],
  examples: [
    ["'abc' like 'a%'", 't'],
    ["'abc' like '_'", 'f'],
  ],
  mayFail: true,
});
