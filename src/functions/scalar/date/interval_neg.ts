/**
 * An interval with all its fields negated.
 */
import { DAY_TO_SECOND, INTERVAL, YEAR_TO_MONTH } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'interval_neg',
  internal: true,
  runsOn: 'anywhere',
  volatility: 'immutable',
  doc: 'An interval with all its fields negated.',
  label: '?column?',
  signatures: [
    { args: ['interval'], returns: INTERVAL, kernel: 'interval_neg' },
    { args: ['intervaly2m'], returns: YEAR_TO_MONTH, kernel: 'intervaly2m_neg' },
    { args: ['intervald2s'], returns: DAY_TO_SECOND, kernel: 'intervald2s_neg' },
  ],
  examples: [
    ["- (interval '1 day 02:00')", '-1 days -02:00:00'],
    ["- (interval '-1 mons')", '1 mon'],
  ],
  mayFail: true,
});
