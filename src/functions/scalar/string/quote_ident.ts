/**
 * An identifier with double quotes when it needs them.
 */
import { KEYWORDS } from '../../../common/reserved-words.ts';
import { BOOL } from '../../../types/sql-type.ts';
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';
import { call } from '../../expand-nodes.ts';
import { textConstant } from '../../text-constant.ts';

export default scalar({
  name: 'quote_ident',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'An identifier with double quotes when it needs them: also where it is a keyword.',
  signatures: [{ args: ['string'], returns: VARCHAR, kernel: 'str_quote_ident' }],
  examples: [
    ["quote_ident('abc')", 'abc'],
    ["quote_ident('A b')", '"A b"'],
    ["quote_ident('order')", '"order"'],
  ],
  mayFail: true,
  expand: (args, type, signature) => {
    const [name] = args;
    const items = [...KEYWORDS].map(textConstant);
    const quote = textConstant('"');
    const quoted = call('concat_op', 0, type, [call('concat_op', 0, type, [quote, name!]), quote]);
    return {
      kind: 'case',
      type,
      whens: [{ when: { kind: 'inlist', type: BOOL, arg: name!, items, negated: false }, then: quoted }],
      otherwise: call('quote_ident', signature, type, args),
    };
  },
});
