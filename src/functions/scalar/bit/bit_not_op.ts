/**
 * Bitwise NOT, the prefix operator ~.
 */
import { INT2, INT4, INT8 } from '../../../types/sql-type.ts';
import { firstType } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'bit_not_op',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Bitwise NOT, the prefix operator ~.',
  label: '?column?',
  signatures: [
    { args: ['int2'], returns: INT2, kernel: 'int4_not' },
    { args: ['int4'], returns: INT4, kernel: 'int4_not' },
    { args: ['int8'], returns: INT8, kernel: 'int8_not' },
    { args: ['varbyte'], returns: firstType, kernel: 'varbyte_not' },
  ],
  examples: [
    ['~ 0', '-1'],
    ['~ 5', '-6'],
  ],
});
