/**
 * Number of the group the row falls in when its partition is dealt into so many groups of equal size, the first ones one row larger.
 */
import { INT8 } from '../../types/sql-type.ts';
import { windowFunction } from '../define.ts';
import { call } from '../expand-nodes.ts';
import { ofRow, position } from '../window-parts.ts';

export default windowFunction({
  name: 'ntile',
  doc: 'Number of the group the row falls in when its partition is dealt into so many groups of equal size, the first ones one row larger.',
  signatures: [{ args: ['int8'], returns: INT8 }],
  examples: [
    ['ntile(4) over ()', '1'],
    ['ntile(1) over (order by 1)', '1'],
  ],
  takesFrame: false,
  order: 'optional',
  takesNulls: false,
  lower: ([groups]) => ({
    parts: [position('row_number'), position('partition_rows'), ofRow(groups!)],
    final: (p) => call('ntile_group', 0, INT8, p),
  }),
});
