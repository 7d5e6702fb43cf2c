/**
 * Changes the priority of all queries of a user.
 */
import { mustBeSuperuser, undefinedUser } from '../../../common/errors/catalogue.ts';
import { VARCHAR } from '../../result-types.ts';
import { scalar } from '../../define.ts';
import { leaderOf } from '../../leader-context.ts';

export default scalar({
  name: 'change_user_priority',
  runsOn: 'leader',
  volatility: 'volatile',
  doc: 'Changes the priority of all queries of a user until the server ends, or until RESET. Superusers only.',
  signatures: [{ args: ['string', 'string'], returns: VARCHAR }],
  examples: [
    ["change_user_priority('no such user', 'high')", 'ERROR: user "no such user" does not exist'],
    ["change_user_priority(current_user::varchar, 'reset') like 'Succeeded to reset priority for user (%).'", 't'],
  ],
  host: (context, args) => {
    const { session, services, catalog } = leaderOf(context);
    if (!session.user.superuser) throw mustBeSuperuser('change a priority');
    const [name, word] = args.map((a) => String(a).trim().toLowerCase());
    const user = catalog.user(name!);
    if (user === undefined) throw undefinedUser(name!);
    const priority = word === 'reset' ? undefined : services.wlm.priorityNamed(word!);
    services.wlm.changeUserPriority(user.oid, priority);
    if (priority === undefined) return `Succeeded to reset priority for user (${name}).`;
    return `Succeeded to change user priority. Changed user (${name}) priority to ${priority.toLowerCase()}.`;
  },
});
