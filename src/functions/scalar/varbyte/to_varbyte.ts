/**
 * A text in a format (hex, binary, utf8 or utf-8) as VARBYTE.
 */
import { varbyte } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'to_varbyte',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A text in a format (hex, binary, utf8 or utf-8) as VARBYTE.',
  signatures: [
    { args: ['string', 'string'], returns: (args) => varbyte(args[0]!.length ?? 65535), kernel: 'to_varbyte' },
  ],
  examples: [
    ["to_varbyte('a', 'utf8')", '61'],
    ["to_varbyte('4', 'hex')", '04'],
    ["to_varbyte('1001101', 'binary')", '4d'],
  ],
  mayFail: true,
});
