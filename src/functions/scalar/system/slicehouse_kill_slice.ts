/**
 * Ends a slice's thread: its compute node goes down with it and is started anew.
 */
import { BOOL } from '../../../types/sql-type.ts';
import { leaderOf } from '../../leader-context.ts';
import { scalar } from '../../define.ts';
import { killNumber } from '../../kill-number.ts';

export default scalar({
  name: 'slicehouse_kill_slice',
  runsOn: 'leader',
  volatility: 'volatile',
  doc: "Ends a slice's thread; its compute node goes down with it and is started anew. Superusers only.",
  signatures: [{ args: ['int4'], returns: BOOL }],
  examples: [
    ['slicehouse_kill_slice(-1)', 'ERROR: there is no slice -1'],
    ['slicehouse_kill_slice(1000)', 'ERROR: there is no slice 1000'],
  ],
  host: (context, args) => {
    const leader = leaderOf(context);
    const { topology, nodes } = leader.services;
    nodes.killSlice(killNumber(leader, 'slice', Number(args[0]), topology.sliceCount));
    return true;
  },
});
