/**
 * Bitwise OR of all values.
 */
import { INT2, INT4, INT8 } from '../../types/sql-type.ts';
import { aggregate } from '../define.ts';
import { single } from '../aggregate-lowering.ts';

export default aggregate({
  name: 'bit_or',
  doc: 'Bitwise OR of all values.',
  signatures: [
    { args: ['int2'], returns: INT2 },
    { args: ['int4'], returns: INT4 },
    { args: ['int8'], returns: INT8 },
  ],
  examples: [
    ['bit_or(6)', '6'],
    ['bit_or(null::int)', 'NULL'],
  ],
  lower: (args, type) => single('bit_or', args[0]!, type),
});
