/**
 * What the leader does about a compute node that goes down: transactions with uncommitted work there are given up, the
 * cause is logged, and when the node's new threads are there they get what was committed behind their superblocks and
 * remove the files of what was not. Handed to the cluster by leader.ts once the start is over.
 */
import type { Clock } from '../common/clock.ts';
import { transactionLostSnapshot, transactionLostWork } from '../common/errors/catalogue.ts';
import type { SliceId } from '../common/ids.ts';
import type { History } from './history/types.ts';
import type { ClusterSlicePort } from './slice-port.ts';
import type { LeaderTransactionManager } from './transaction/transaction-manager.ts';
import type { NodeRecovery } from './scheduler/cluster.ts';

/** A row of STL_ERROR. */
export function recordError(history: History, clock: Clock, context: string, message: string): void {
  history.add('errors', {
    userid: 1,
    pid: 0,
    timeMicros: clock.nowMicros(),
    sqlstate: 'XX000',
    message,
    context,
  });
}

export function nodeRecovery(
  port: ClusterSlicePort,
  manager: LeaderTransactionManager,
  history: History,
  options: { readonly clock: Clock; warn(note: string): void; onNode(note: string): void },
): NodeRecovery {
  const { topology, nodes } = port.cluster;
  return {
    down(node, error, cause) {
      const isOn = (slice: SliceId): boolean => topology.nodeOf(slice) === node;
      manager.loseWork(isOn, transactionLostWork(String(node), error.detail ?? ''));
      recordError(history, options.clock, `compute node ${node}`, cause);
      options.onNode(`compute node ${node} is out of service and is started anew: ${cause}`);
    },
    async bringUp(node, opened) {
      for (const note of opened.flatMap((o) => o.notes)) options.warn(note);
      const lsns = opened.map((o) => o.checkpointLsn);
      const lost = transactionLostSnapshot(String(node));
      const lsn = await manager.replayTo(lsns, lost, (commits) => port.recoverNode(node, commits));
      for (const note of await port.nodeRecovered(node, lsn)) options.warn(note);
    },
    up(node) {
      options.onNode(`compute node ${node} is back after ${nodes[node]!.downMs} ms`);
    },
  };
}
