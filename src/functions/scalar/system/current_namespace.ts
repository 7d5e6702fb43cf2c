/**
 * The identifier of this warehouse, by which another server's is told from it.
 */
import { VARCHAR } from '../../result-types.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'current_namespace',
  runsOn: 'leader',
  besideTables: true,
  volatility: 'stable',
  doc: 'The identifier of this warehouse, as a GUID; under --memory each start has its own.',
  signatures: [{ args: [], returns: VARCHAR }],
  examples: [
    ['len(current_namespace)', '36'],
    ['current_namespace = current_namespace', 't'],
  ],
  host: (context) => leaderOf(context).services.namespace,
});
