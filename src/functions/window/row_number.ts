/**
 * Number of the row in its partition, from 1 in the order of the window.
 */
import { INT8 } from '../../types/sql-type.ts';
import { windowFunction } from '../define.ts';
import { position } from '../window-parts.ts';

export default windowFunction({
  name: 'row_number',
  doc: 'Number of the row in its partition, from 1 in the order of the window.',
  signatures: [{ args: [], returns: INT8 }],
  examples: [
    ['row_number() over ()', '1'],
    ['row_number() over (order by 1)', '1'],
  ],
  takesFrame: false,
  order: 'optional',
  takesNulls: false,
  lower: () => ({ parts: [position('row_number')], final: ([p]) => p! }),
});
