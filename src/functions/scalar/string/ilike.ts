/**
 * LIKE without regard to the case of ASCII letters.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'ilike',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'LIKE without regard to the case of ASCII letters.',
  label: '?column?',
  signatures: [
    { args: ['string', 'string'], returns: BOOL, kernel: 'str_ilike' },
    { args: ['string', 'string', 'string'], returns: BOOL, kernel: 'str_ilike_escape' },
  ],
  examples: [
    ["'ABC' ilike 'a%'", 't'],
    ["'ABC' ilike 'b'", 'f'],
  ],
  mayFail: true,
});
