/**
 * Cancels what a session runs.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';
import { signalBackend } from '../../signal-backend.ts';

export default scalar({
  name: 'pg_cancel_backend',
  runsOn: 'leader',
  volatility: 'volatile',
  doc: 'Cancels what a session runs.',
  signatures: [{ args: ['int4'], returns: INT4 }],
  examples: [
    ['pg_cancel_backend(0)', '0'],
    ['pg_cancel_backend(-1)', '0'],
  ],
  host: (context, args) => signalBackend(leaderOf(context), Number(args[0]), 'cancel'),
});
