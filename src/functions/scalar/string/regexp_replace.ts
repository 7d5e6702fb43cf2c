/**
 * Every match of a regular expression replaced.
 */
import { VARCHAR } from '../../result-types.ts';
import { call, int4 } from '../../expand-nodes.ts';
import { scalar } from '../../define.ts';
import { textConstant } from '../../text-constant.ts';

export default scalar({
  name: 'regexp_replace',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Every match of a regular expression replaced.',
  literal: 1,
  signatures: [
    { args: ['string', 'string'], returns: VARCHAR },
    { args: ['string', 'string', 'string'], returns: VARCHAR },
    { args: ['string', 'string', 'string', 'int4'], returns: VARCHAR },
    { args: ['string', 'string', 'string', 'int4', 'string'], returns: VARCHAR, kernel: 'regexp_replace' },
  ],
  examples: [
    ["regexp_replace('the fox', 'FOX', 'quick brown fox', 1, 'i')", 'the quick brown fox'],
    ["regexp_replace('sed@lacusUtnec.ca', '@.*$')", 'sed'],
  ],
  mayFail: true,
  // The last signature is the kernel's own; shorter calls get their defaults.
  expand: (args, type) => {
    const defaults = [textConstant(''), int4(1), textConstant('')];
    return call('regexp_replace', 3, type, [...args, ...defaults.slice(args.length - 2)]);
  },
});
