/**
 * Rows up to the last peer of the row, as a share of the rows of its partition.
 */
import { FLOAT8 } from '../../types/sql-type.ts';
import { windowFunction } from '../define.ts';
import { position, quotient } from '../window-parts.ts';

export default windowFunction({
  name: 'cume_dist',
  doc: 'Rows up to the last peer of the row, as a share of the rows of its partition.',
  signatures: [{ args: [], returns: FLOAT8 }],
  examples: [
    ['cume_dist() over ()', '1'],
    ['cume_dist() over (order by 1)', '1'],
  ],
  takesFrame: false,
  order: 'optional',
  takesNulls: false,
  lower: () => ({
    parts: [position('rows_through_peers'), position('partition_rows')],
    final: ([through, rows]) => quotient(through!, rows!),
  }),
});
