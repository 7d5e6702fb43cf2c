/**
 * Rank of the row in its partition, with gaps behind ties.
 */
import { INT8 } from '../../types/sql-type.ts';
import { windowFunction } from '../define.ts';
import { position } from '../window-parts.ts';

export default windowFunction({
  name: 'rank',
  doc: 'Rank of the row in its partition, with gaps behind ties.',
  signatures: [{ args: [], returns: INT8 }],
  examples: [
    ['rank() over ()', '1'],
    ['rank() over (order by 1)', '1'],
  ],
  takesFrame: false,
  order: 'optional',
  takesNulls: false,
  lower: () => ({ parts: [position('rank')], final: ([p]) => p! }),
});
