/**
 * Whether a timestamp is a real instant; always true here.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'isfinite',
  runsOn: 'leader',
  volatility: 'immutable',
  doc: 'Whether a timestamp is a real instant; always true here.',
  signatures: [
    { args: ['timestamp'], returns: BOOL, kernel: 'isfinite_any' },
    { args: ['timestamptz'], returns: BOOL, kernel: 'isfinite_any' },
  ],
  examples: [
    ["isfinite(timestamp '2001-02-16 21:28:30')", 't'],
    ["isfinite('2000-01-01'::timestamp)", 't'],
  ],
});
