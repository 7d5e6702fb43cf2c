/**
 * The part that matches a regular expression, the empty string when none does.
 */
import { call, int4 } from '../../expand-nodes.ts';
import { sameString } from '../../result-types.ts';
import { scalar } from '../../define.ts';
import { textConstant } from '../../text-constant.ts';

export default scalar({
  name: 'regexp_substr',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The part that matches a regular expression, the empty string when none does.',
  literal: 1,
  signatures: [
    { args: ['string', 'string'], returns: sameString },
    { args: ['string', 'string', 'int4'], returns: sameString },
    { args: ['string', 'string', 'int4', 'int4'], returns: sameString },
    { args: ['string', 'string', 'int4', 'int4', 'string'], returns: sameString, kernel: 'regexp_substr' },
  ],
  examples: [
    ["regexp_substr('sed@lacusUtnec.ca', '@[^.]*')", '@lacusUtnec'],
    ["regexp_substr('the fox', 'FOX', 1, 2, 'i')", ''],
    ["regexp_substr('ab a1234', '(?=[^ ]*[a-z])(?=[^ ]*[0-9])[^ ]+', 1, 1, 'p')", 'a1234'],
  ],
  mayFail: true,
  mayReturnNull: true,
  // The last signature is the kernel's own; shorter calls get their defaults.
  expand: (args, type) => {
    const defaults = [int4(1), int4(1), textConstant('')];
    return call('regexp_substr', 3, type, [...args, ...defaults.slice(args.length - 2)]);
  },
});
