/**
 * Bitwise OR, the operator |.
 */
import { INT2, INT4, INT8 } from '../../../types/sql-type.ts';
import { longerBytes } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'bit_or_op',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Bitwise OR, the operator |.',
  label: '?column?',
  signatures: [
    { args: ['int2', 'int2'], returns: INT2, kernel: 'int4_or' },
    { args: ['int4', 'int4'], returns: INT4, kernel: 'int4_or' },
    { args: ['int8', 'int8'], returns: INT8, kernel: 'int8_or' },
    { args: ['varbyte', 'varbyte'], returns: longerBytes, kernel: 'varbyte_or' },
  ],
  examples: [
    ['12 | 10', '14'],
    ['1 | 2', '3'],
  ],
});
