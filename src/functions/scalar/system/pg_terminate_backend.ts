/**
 * Ends a session.
 */
import { INT4 } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';
import { signalBackend } from '../../signal-backend.ts';

export default scalar({
  name: 'pg_terminate_backend',
  runsOn: 'leader',
  volatility: 'volatile',
  doc: 'Ends a session.',
  signatures: [{ args: ['int4'], returns: INT4 }],
  examples: [
    ['pg_terminate_backend(0)', '0'],
    ['pg_terminate_backend(-1)', '0'],
  ],
  host: (context, args) => signalBackend(leaderOf(context), Number(args[0]), 'terminate'),
});
