/**
 * Arithmetic shift right, the operator >>.
 */
import { INT2, INT4, INT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'shift_right_op',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Arithmetic shift right, the operator >>.',
  label: '?column?',
  signatures: [
    { args: ['int2', 'int4'], returns: INT2, kernel: 'int4_shr' },
    { args: ['int4', 'int4'], returns: INT4, kernel: 'int4_shr' },
    { args: ['int8', 'int4'], returns: INT8, kernel: 'int8_shr' },
  ],
  examples: [
    ['8 >> 2', '2'],
    ['-8 >> 1', '-4'],
  ],
});
