/**
 * Position where (or behind which) a regular expression matches, 0 when it does not.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { call, int4 } from '../../expand-nodes.ts';
import { scalar } from '../../define.ts';
import { textConstant } from '../../text-constant.ts';

export default scalar({
  name: 'regexp_instr',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Position where (or behind which) a regular expression matches, 0 when it does not.',
  literal: 1,
  signatures: [
    { args: ['string', 'string'], returns: INT4 },
    { args: ['string', 'string', 'int4'], returns: INT4 },
    { args: ['string', 'string', 'int4', 'int4'], returns: INT4 },
    { args: ['string', 'string', 'int4', 'int4', 'int4'], returns: INT4 },
    { args: ['string', 'string', 'int4', 'int4', 'int4', 'string'], returns: INT4, kernel: 'regexp_instr' },
  ],
  examples: [
    ["regexp_instr('sed@lacusUtnec.ca', '@[^.]*')", '4'],
    ["regexp_instr('Wachovia Center', '[cC]ent(er|re)$')", '10'],
  ],
  mayFail: true,
  // The last signature is the kernel's own; shorter calls get their defaults.
  expand: (args, type) => {
    const defaults = [int4(1), int4(1), int4(0), textConstant('')];
    return call('regexp_instr', 4, type, [...args, ...defaults.slice(args.length - 2)]);
  },
});
