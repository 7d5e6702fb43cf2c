/**
 * Bitwise XOR, the operator #.
 */
import { INT2, INT4, INT8 } from '../../../types/sql-type.ts';
import { longerBytes } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'bit_xor_op',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Bitwise XOR, the operator #.',
  label: '?column?',
  signatures: [
    { args: ['int2', 'int2'], returns: INT2, kernel: 'int4_xor' },
    { args: ['int4', 'int4'], returns: INT4, kernel: 'int4_xor' },
    { args: ['int8', 'int8'], returns: INT8, kernel: 'int8_xor' },
    { args: ['varbyte', 'varbyte'], returns: longerBytes, kernel: 'varbyte_xor' },
  ],
  examples: [
    ['12 # 10', '6'],
    ['1 # 1', '0'],
  ],
});
