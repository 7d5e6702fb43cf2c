/**
 * The operator ~: a POSIX regular expression anywhere in the string.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'regex_match',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The operator ~: a POSIX regular expression anywhere in the string.',
  label: '?column?',
  literal: 1,
  signatures: [{ args: ['string', 'string'], returns: BOOL, kernel: 'regex_match' }],
  examples: [
    ["'abc' ~ '^(abc)$'", 't'],
    ["'abc' ~ 'x+'", 'f'],
  ],
  mayFail: true,
});
