/**
 * Occurrences of a regular expression.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { call, int4 } from '../../expand-nodes.ts';
import { scalar } from '../../define.ts';
import { textConstant } from '../../text-constant.ts';

export default scalar({
  name: 'regexp_count',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Occurrences of a regular expression.',
  literal: 1,
  signatures: [
    { args: ['string', 'string'], returns: INT4 },
    { args: ['string', 'string', 'int4'], returns: INT4 },
    { args: ['string', 'string', 'int4', 'string'], returns: INT4, kernel: 'regexp_count' },
  ],
  examples: [
    ["regexp_count('abcdefghijklmnopqrstuvwxyz', '[a-z]{3}')", '8'],
    ["regexp_count('the fox', 'FOX', 1, 'i')", '1'],
  ],
  mayFail: true,
  // The last signature is the kernel's own; shorter calls get their defaults.
  expand: (args, type) => {
    const defaults = [int4(1), textConstant('')];
    return call('regexp_count', 2, type, [...args, ...defaults.slice(args.length - 2)]);
  },
});
