/**
 * Bytes in whose order SUPER values are.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'super_key',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Bytes in whose order SUPER values are.',
  signatures: [{ args: ['super'], returns: TEXT, kernel: 'super_key' }],
  examples: [
    ['1::super = 1.0::super', 't'],
    ['2::super < 10::super', 't'],
  ],
  mayFail: true,
});
