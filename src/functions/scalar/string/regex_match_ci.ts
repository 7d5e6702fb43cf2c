/**
 * The operator ~*: ~ without regard to case.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'regex_match_ci',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The operator ~*: ~ without regard to case.',
  label: '?column?',
  literal: 1,
  signatures: [{ args: ['string', 'string'], returns: BOOL, kernel: 'regex_imatch' }],
  examples: [
    ["'ABC' ~* 'b'", 't'],
    ["'ABC' ~* 'x'", 'f'],
  ],
  mayFail: true,
});
