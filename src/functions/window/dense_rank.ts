/**
 * Rank of the row in its partition, without gaps behind ties.
 */
import { INT8 } from '../../types/sql-type.ts';
import { windowFunction } from '../define.ts';
import { position } from '../window-parts.ts';

export default windowFunction({
  name: 'dense_rank',
  doc: 'Rank of the row in its partition, without gaps behind ties.',
  signatures: [{ args: [], returns: INT8 }],
  examples: [
    ['dense_rank() over ()', '1'],
    ['dense_rank() over (order by 1)', '1'],
  ],
  takesFrame: false,
  order: 'optional',
  takesNulls: false,
  lower: () => ({ parts: [position('dense_rank')], final: ([p]) => p! }),
});
