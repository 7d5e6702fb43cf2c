/**
 * Bytes of a string or VARBYTE.
 */
import { BOOL, INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';
import { call, int4 } from '../../expand-nodes.ts';

export default scalar({
  name: 'octet_length',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Bytes of a string or VARBYTE.',
  signatures: [
    { args: ['string'], returns: INT4, kernel: 'str_octet_length' },
    { args: ['varbyte'], returns: INT4, kernel: 'varbyte_length' },
  ],
  examples: [
    ["octet_length('français')", '9'],
    ["octet_length('')", '0'],
    ["octet_length('ab'::char(5))", '5'],
  ],
  // A CHAR is padded to its length, though its blanks are kept nowhere.
  expand: (args, type, signature) => {
    const [text] = args;
    if (text!.type.name !== 'char' || text!.type.length === undefined)
      return call('octet_length', signature, type, args);
    const missing = { kind: 'isnull', type: BOOL, arg: text!, negated: false } as const;
    const whens = [{ when: missing, then: { kind: 'const', type: INT4, value: null } as const }];
    return { kind: 'case', type, whens, otherwise: int4(text!.type.length) };
  },
});
