/**
 * Shift left, the operator <<.
 */
import { INT2, INT4, INT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'shift_left_op',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Shift left, the operator <<.',
  label: '?column?',
  signatures: [
    { args: ['int2', 'int4'], returns: INT2, kernel: 'int2_shl' },
    { args: ['int4', 'int4'], returns: INT4, kernel: 'int4_shl' },
    { args: ['int8', 'int4'], returns: INT8, kernel: 'int8_shl' },
  ],
  examples: [
    ['1 << 4', '16'],
    ['3 << 1', '6'],
  ],
});
