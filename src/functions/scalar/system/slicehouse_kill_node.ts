/**
 * Takes a compute node out of service, as a crash of the machine would; it is started anew.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';
import { killNumber } from '../../kill-number.ts';

export default scalar({
  name: 'slicehouse_kill_node',
  runsOn: 'leader',
  volatility: 'volatile',
  doc: 'Takes a compute node out of service; it is started anew. Superusers only.',
  signatures: [{ args: ['int4'], returns: BOOL }],
  examples: [
    ['slicehouse_kill_node(-1)', 'ERROR: there is no node -1'],
    ['slicehouse_kill_node(1000)', 'ERROR: there is no node 1000'],
  ],
  host: (context, args) => {
    const leader = leaderOf(context);
    const { topology, nodes } = leader.services;
    nodes.killNode(killNumber(leader, 'node', Number(args[0]), topology.nodes));
    return true;
  },
});
