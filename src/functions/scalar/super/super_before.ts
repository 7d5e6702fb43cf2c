/**
 * Order of two SUPER values of one kind; NULL for others.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'super_before',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Order of two SUPER values of one kind; NULL for others.',
  signatures: [{ args: ['super', 'super', 'int4'], returns: BOOL, kernel: 'super_before' }],
  examples: [
    ["'a'::super < 'b'::super", 't'],
    ["'a'::super < 1::super", 'NULL'],
  ],
  mayFail: true,
  mayReturnNull: true,
});
