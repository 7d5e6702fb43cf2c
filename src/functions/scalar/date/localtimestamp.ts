/**
 * The transaction start in the session zone.
 */
import { TIMESTAMP } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'localtimestamp',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'The transaction start in the session zone.',
  label: 'timestamp',
  signatures: [{ args: [], returns: TIMESTAMP, kernel: 'clock_sysdate' }],
  examples: [
    ['localtimestamp is null', 'f'],
    ['localtimestamp is not null', 't'],
  ],
});
