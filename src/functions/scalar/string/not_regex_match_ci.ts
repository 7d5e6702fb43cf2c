/**
 * The operator !~*.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'not_regex_match_ci',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The operator !~*.',
  label: '?column?',
  literal: 1,
  signatures: [{ args: ['string', 'string'], returns: BOOL, kernel: 'regex_not_imatch' }],
  examples: [
    ["'ABC' !~* 'b'", 'f'],
    ["'ABC' !~* 'x'", 't'],
  ],
  mayFail: true,
});
