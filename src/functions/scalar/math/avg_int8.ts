/**
 * sum / count of integers, truncated (inside avg).
 */
import { INT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'avg_int8',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'sum / count of integers, truncated (inside avg).',
  signatures: [{ args: ['numeric', 'int8'], returns: INT8, kernel: 'avg_int8' }],
  examples: [
    ['avg(1)', '1'],
    ['avg(2.5)', '2.5'],
  ],
  mayFail: true,
  mayReturnNull: true,
});
