/**
 * An interval with all its fields negated.
 */
import { INTERVAL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'interval_neg',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'An interval with all its fields negated.',
  label: '?column?',
  signatures: [{ args: ['interval'], returns: INTERVAL, kernel: 'interval_neg' }],
  examples: [
    ["- (interval '1 day 02:00')", '-1 days -02:00:00'],
    ["- (interval '-1 mons')", '1 mon'],
  ],
  mayFail: true,
});
