/**
 * The array text of appended items; no items give NULL.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'array_close',
  internal: true,
  runsOn: 'leader',
  volatility: 'immutable',
  doc: 'The array text of appended items; no items give NULL.',
  signatures: [{ args: ['text'], returns: TEXT }],
  examples: [
    ["array_close(',a,b')", '{a,b}'],
    ['array_close(null)', 'NULL'],
  ],
  host: (_, args) => `{${String(args[0]).slice(1)}}`,
});
