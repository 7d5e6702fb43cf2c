/**
 * Whether two arrays share an item.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'arrays_overlap',
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whether two arrays share an item.',
  signatures: [{ args: ['super', 'super'], returns: BOOL, kernel: 'super_overlap' }],
  examples: [
    ['arrays_overlap(array(1), array(1, 2))', 't'],
    ['arrays_overlap(array(1), array(2))', 'f'],
  ],
  mayFail: true,
  mayReturnNull: true,
});
