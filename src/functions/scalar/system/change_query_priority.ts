/**
 * Changes the priority of a query that waits for its service class or runs.
 */
import { invalidParameterValue, mustBeSuperuser } from '../../../common/errors/catalogue.ts';
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';
import { leaderOf } from '../../leader-context.ts';

export default scalar({
  name: 'change_query_priority',
  runsOn: 'leader',
  volatility: 'volatile',
  doc: 'Changes the priority of a query that waits for its service class or runs. Superusers only.',
  signatures: [{ args: ['int4', 'string'], returns: VARCHAR }],
  examples: [
    ["change_query_priority(0, 'high')", 'ERROR: query 0 neither waits nor runs in a service class'],
    ["change_query_priority(0, 'huge')", 'ERROR: "huge" is no priority'],
  ],
  host: (context, args) => {
    const { session, services } = leaderOf(context);
    if (!session.user.superuser) throw mustBeSuperuser('change a priority');
    const query = Number(args[0]);
    const priority = services.wlm.priorityNamed(String(args[1]));
    const before = services.wlm.changeQueryPriority(query, priority);
    if (before === undefined) throw invalidParameterValue(`query ${query} neither waits nor runs in a service class`);
    return `Succeeded to change query priority. Priority changed from ${before} to ${priority}.`;
  },
});
