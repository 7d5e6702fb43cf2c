/**
 * Whole seconds since 1970 (inside EXTRACT).
 */
import { INT8 } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'extract_epoch',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'Whole seconds since 1970 (inside EXTRACT).',
  label: 'date_part',
  signatures: [{ args: ['timestamp'], returns: INT8, kernel: 'extract_epoch' }],
  examples: [
    ["extract(epoch from timestamp '2050-01-01')", '2524608000'],
    ["extract(epoch from date '1890-01-01')", '-2524521600'],
  ],
});
