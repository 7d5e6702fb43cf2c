/**
 * Name of the encoding of the client.
 */
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'pg_client_encoding',
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Name of the encoding of the client.',
  signatures: [{ args: [], returns: { name: 'name' } }],
  examples: [
    ['pg_client_encoding()', 'UTF8'],
    ['pg_client_encoding()::varchar', 'UTF8'],
  ],
  host: (context) => leaderOf(context).session.setting('client_encoding'),
});
