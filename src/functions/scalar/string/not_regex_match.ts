/**
 * The operator !~.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'not_regex_match',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The operator !~.',
  label: '?column?',
  literal: 1,
  signatures: [{ args: ['string', 'string'], returns: BOOL, kernel: 'regex_not_match' }],
  examples: [
    ["'abc' !~ '^(abc)$'", 'f'],
    ["'abc' !~ 'x+'", 't'],
  ],
  mayFail: true,
});
