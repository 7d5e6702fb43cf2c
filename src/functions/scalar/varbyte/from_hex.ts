/**
 * Hexadecimal digits as VARBYTE; an odd number of them gets a 0 in front.
 */
import { varbyte } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'from_hex',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Hexadecimal digits as VARBYTE; an odd number of them gets a 0 in front.',
  signatures: [
    {
      args: ['string'],
      returns: (args) => varbyte(Math.ceil((args[0]!.length ?? 65535) / 2)),
      kernel: 'hex_to_varbyte',
    },
  ],
  examples: [
    ["from_hex('6162')", '6162'],
    ["from_hex('F')", '0f'],
    ["from_hex('xy')", 'ERROR: invalid hexadecimal digit in the text of a varbyte'],
  ],
  mayFail: true,
});
