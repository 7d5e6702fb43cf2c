/**
 * Text to a number by a pattern; the scale comes from a constant pattern.
 */
import { call, int4 } from '../../expand-nodes.ts';
import { numeric } from '../../../types/sql-type.ts';
import { featureNotSupported } from '../../../common/errors/catalogue.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'to_number',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Text to a number by a pattern; the scale comes from a constant pattern.',
  signatures: [{ args: ['string', 'string'], returns: numeric(38, 10) }],
  examples: [
    ["to_number('12,454.8-', '99G999D9S')", '-12454.8'],
    ["to_number('$ 2,012,454.88', 'L9,999,999.99')", '2012454.88'],
    ["to_number('123.456', '999')", '123'],
    ["to_number('12345', '999')", '123'],
  ],
  mayFail: true,
  expand: (args) => {
    const format = args[1]!;
    const text = format.kind === 'const' && typeof format.value === 'string' ? format.value : undefined;
    if (text !== undefined && /^(?:"[^"]*"|[^"])*?(?:V|RN)/i.test(text))
      throw featureNotSupported('the patterns V and RN of to_number are not supported');
    const scale = text === undefined ? 10 : (/[dD.](.*)$/.exec(text)?.[1] ?? '').replace(/[^09]/g, '').length;
    return call('text_to_number', 0, numeric(38, scale), [args[0]!, format, int4(scale)]);
  },
});
