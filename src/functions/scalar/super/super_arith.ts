/**
 * Arithmetic on SUPER numbers, by what they are.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'super_arith',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Arithmetic on SUPER numbers, by what they are.',
  signatures: [{ args: ['super', 'super', 'int4'], returns: SUPER, kernel: 'super_arith' }],
  examples: [
    ['1::super + 2.5::super', '3.5'],
    ["'a'::super + 'b'::super", '"ab"'],
    ["'a'::super + 1::super", 'NULL'],
  ],
  mayFail: true,
  mayReturnNull: true,
});
