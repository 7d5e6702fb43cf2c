/**
 * The wall clock when it is called, as text.
 */
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'timeofday',
  runsOn: 'anywhere',
  volatility: 'volatile',
  doc: 'The wall clock when it is called, as text.',
  signatures: [{ args: [], returns: VARCHAR, kernel: 'clock_timeofday' }],
  examples: [
    ['timeofday() is null', 'f'],
    ['length(timeofday()) > 20', 't'],
  ],
});
