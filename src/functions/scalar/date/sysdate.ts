/**
 * The transaction start in the session zone.
 */
import { TIMESTAMP } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'sysdate',
  runsOn: 'anywhere',
  volatility: 'stable',
  doc: 'The transaction start in the session zone.',
  label: 'timestamp',
  signatures: [{ args: [], returns: TIMESTAMP, kernel: 'clock_sysdate' }],
  examples: [
    ['sysdate is null', 'f'],
    ['sysdate is not null', 't'],
  ],
});
