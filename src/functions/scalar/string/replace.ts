/**
 * Every occurrence of one string replaced by another.
 */
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'replace',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Every occurrence of one string replaced by another.',
  signatures: [{ args: ['string', 'string', 'string'], returns: VARCHAR, kernel: 'str_replace' }],
  examples: [
    ["replace('Shows and Shows', 'Shows', 'Theatre')", 'Theatre and Theatre'],
    ["replace('abc', '', 'x')", 'abc'],
  ],
  mayFail: true,
});
