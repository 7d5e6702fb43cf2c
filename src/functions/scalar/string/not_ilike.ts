/**
 * NOT ILIKE.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'not_ilike',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'NOT ILIKE.',
  label: '?column?',
  signatures: [
    { args: ['string', 'string'], returns: BOOL, kernel: 'str_not_ilike' },
    { args: ['string', 'string', 'string'], returns: BOOL, kernel: 'str_not_ilike_escape' },
  ],
  examples: [
    ["'ABC' not ilike 'a%'", 'f'],
    ["'ABC' not ilike 'b'", 't'],
  ],
  mayFail: true,
});
