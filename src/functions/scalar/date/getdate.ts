/**
 * The statement start without fraction.
 */
import { TIMESTAMP } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'getdate',
  runsOn: 'anywhere',
  volatility: 'stable',
  doc: 'The statement start without fraction.',
  label: 'getdate',
  signatures: [{ args: [], returns: TIMESTAMP, kernel: 'clock_getdate' }],
  examples: [
    ['getdate() is null', 'f'],
    ['getdate() is not null', 't'],
  ],
});
