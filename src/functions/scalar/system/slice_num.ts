/**
 * Number of the slice that holds the row; 10000 on the leader.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'slice_num',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Number of the slice that holds the row; 10000 on the leader.',
  signatures: [{ args: [], returns: INT4 }],
  examples: [
    ['slice_num()', '10000'],
    ['slice_num() is null', 'f'],
  ],
  host: () => 10000,
});
