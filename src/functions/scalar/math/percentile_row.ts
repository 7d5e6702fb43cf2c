/**
 * The first row behind a share of so many rows.
 */
import { INT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'percentile_row',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'The first row behind a share of so many rows.',
  signatures: [{ args: ['int8', 'int8'], returns: INT8, kernel: 'percentile_row' }],
  examples: [
    ['percentile_row(250000000, 4)', '1'],
    ['percentile_row(1500000000, 4)', 'ERROR: a percentile must be between 0 and 1'],
  ],
  mayFail: true,
});
