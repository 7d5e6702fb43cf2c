/**
 * A bit of a VARBYTE; bit 0 is the least of the last byte.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'getbit',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'A bit of a VARBYTE; bit 0 is the least of the last byte.',
  signatures: [{ args: ['varbyte', 'int4'], returns: INT4, kernel: 'varbyte_getbit' }],
  examples: [
    ["getbit(from_hex('4d'), 2)", '1'],
    ["getbit(from_hex('4d'), 1)", '0'],
    ["getbit(from_hex('4d'), 8)", 'ERROR: bit index is outside of the value'],
  ],
  mayFail: true,
});
