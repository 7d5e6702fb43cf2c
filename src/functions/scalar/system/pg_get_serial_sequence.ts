/**
 * The sequence behind a column; there are none.
 */
import { TEXT } from '../../../types/sql-type.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'pg_get_serial_sequence',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'The sequence behind a column; there are none.',
  signatures: [{ args: ['text', 'text'], returns: TEXT }],
  examples: [
    ["pg_get_serial_sequence('t', 'c')", 'NULL'],
    ["pg_get_serial_sequence('a', 'b')", 'NULL'],
  ],
  host: () => null,
});
