/**
 * Functions of one SUPER number.
 */
import { SUPER } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'super_unary',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Functions of one SUPER number.',
  signatures: [{ args: ['super', 'int4'], returns: SUPER, kernel: 'super_unary' }],
  examples: [
    ['abs((-5)::super)', '5'],
    ["abs('a'::super)", 'NULL'],
  ],
  mayFail: true,
  mayReturnNull: true,
});
