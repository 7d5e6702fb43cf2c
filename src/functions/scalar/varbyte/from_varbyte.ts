/**
 * VARBYTE as text in a format: hex, binary, utf8 or utf-8.
 */
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'from_varbyte',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'VARBYTE as text in a format: hex, binary, utf8 or utf-8.',
  signatures: [{ args: ['varbyte', 'string'], returns: VARCHAR, kernel: 'from_varbyte' }],
  examples: [
    ["from_varbyte(from_hex('4d'), 'binary')", '01001101'],
    ["from_varbyte(from_hex('616263'), 'utf8')", 'abc'],
    ["from_varbyte(from_hex('ff'), 'utf8')", 'ERROR: invalid byte sequence for encoding "UTF8": 0xff'],
  ],
  mayFail: true,
});
