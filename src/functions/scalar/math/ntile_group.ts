/**
 * The group of row number `row` when `rows` rows are dealt into `groups` groups (inside ntile).
 */
import { INT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'ntile_group',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The group of a row by its number, the number of rows and that of groups (inside ntile).',
  signatures: [{ args: ['int8', 'int8', 'int8'], returns: INT8 }],
  examples: [
    ['ntile_group(6, 17, 4)', '2'],
    ['ntile_group(3, 3, 5)', '3'],
    ['ntile_group(1, 1, 0)', 'ERROR: argument of ntile must be greater than zero'],
  ],
  kernel: 'ntile_group',
  mayFail: true,
});
