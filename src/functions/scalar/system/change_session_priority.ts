/**
 * Changes the priority of all queries of a session.
 */
import { invalidParameterValue, mustBeSuperuser } from '../../../common/errors/catalogue.ts';
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';
import { leaderOf } from '../../leader-context.ts';

export default scalar({
  name: 'change_session_priority',
  runsOn: 'leader',
  volatility: 'volatile',
  doc: 'Changes the priority of all queries of a session; -1 is the session itself. Superusers only.',
  signatures: [{ args: ['int4', 'string'], returns: VARCHAR }],
  examples: [
    [
      "change_session_priority(-1, 'normal') like 'Succeeded to change session priority. Changed session (pid:%'",
      't',
    ],
    ["change_session_priority(0, 'high')", 'ERROR: there is no session 0'],
  ],
  host: (context, args) => {
    const { session, services } = leaderOf(context);
    if (!session.user.superuser) throw mustBeSuperuser('change a priority');
    const priority = services.wlm.priorityNamed(String(args[1]));
    const pid = Number(args[0]) === -1 ? session.pid : Number(args[0]);
    const target = services.sessions().find((s) => s.pid === pid);
    if (target === undefined) throw invalidParameterValue(`there is no session ${pid}`);
    services.wlm.changeSessionPriority(target, priority, () => services.sessions().includes(target));
    const shown = priority.toLowerCase();
    return `Succeeded to change session priority. Changed session (pid:${pid}) priority to ${shown}.`;
  },
});
