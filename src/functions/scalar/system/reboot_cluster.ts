/**
 * Stops and starts the compute nodes: what runs on them ends, connections stay open.
 */
import { mustBeSuperuser } from '../../../common/errors/catalogue.ts';
import { VARCHAR } from '../../result-types.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';

export default scalar({
  name: 'reboot_cluster',
  runsOn: 'leader',
  volatility: 'volatile',
  doc: 'Starts all compute nodes anew; connections stay open. Superusers only.',
  signatures: [{ args: [], returns: VARCHAR }],
  examples: [
    ["case when false then reboot_cluster() else 'no' end", 'no'],
    ['reboot_cluster(1)', 'ERROR: function reboot_cluster(integer) does not exist'],
  ],
  host: (context) => {
    const { session, services } = leaderOf(context);
    if (!session.user.superuser) throw mustBeSuperuser('reboot the cluster');
    for (let node = 0; node < services.topology.nodes; node++) services.nodes.killNode(node);
    return 'Rebooting the cluster';
  },
});
