/**
 * Precision or scale of a SUPER decimal.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'super_digits',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Precision or scale of a SUPER decimal.',
  signatures: [{ args: ['super', 'int4'], returns: INT4, kernel: 'super_digits' }],
  examples: [
    ['decimal_precision(3.14159::super)', '6'],
    ["decimal_scale('a'::super)", 'NULL'],
  ],
  mayReturnNull: true,
});
