/**
 * Today in the session zone at transaction start.
 */
import { DATE } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'current_date',
  runsOn: 'anywhere',
  volatility: 'stable',
  doc: 'Today in the session zone at transaction start.',
  label: 'date',
  signatures: [{ args: [], returns: DATE, kernel: 'clock_date' }],
  examples: [
    ['current_date is null', 'f'],
    ['current_date is not null', 't'],
  ],
});
