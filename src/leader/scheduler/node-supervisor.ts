/**
 * The life of one compute node:
 *
 *   up --trap, assertion, failed commit, dead thread, request--> recovering --threads started, log replayed--> up
 *                         recovering --again, and too often in a short time--> lost (the server ends)
 *
 * What ran on the node when it went down has ended with an error; what comes meanwhile waits (cluster.ts). Its threads
 * are stopped, started anew on fresh memory, and given what was committed behind their superblocks; only then is the node
 * up, so that nobody reads from it without a commit that is in the log. One supervisor per node, made by cluster.ts.
 */
import { systemClock } from '../../common/clock.ts';
import { causeDetail, nodeRestarts } from '../../common/errors/catalogue.ts';
import { causeText, NodeDown } from '../../common/errors/fault.ts';
import type { NodeId } from '../../common/ids.ts';
import { NODE_RESTARTS_MAX, NODE_RESTARTS_MS } from '../../common/limits.ts';

export type NodeState = 'up' | 'recovering' | 'lost';

/** What a supervisor asks of the cluster. */
export interface NodeHost {
  /** Ends whatever waits for the node's slices, and what open transactions wrote there. */
  down(node: NodeId, error: NodeDown, cause: string): void;
  /** Stops the node's threads, starts new ones and brings them up to date. Rejected when `down` was called meanwhile. */
  restart(node: NodeId): Promise<void>;
  up(node: NodeId): void;
  lost(node: NodeId, cause: string): void;
}

export class NodeSupervisor {
  state: NodeState = 'up';
  /** How often its threads were started. */
  starts = 1;
  sinceMicros = systemClock.nowMicros();
  /** Why it last went down; '' when it never did. */
  cause = '';
  /** What its requests end with while it is not up. */
  error: NodeDown | undefined;
  /** How long it was down the last time. */
  downMs = 0;
  private readonly faults: number[] = [];
  /** It went down during the restart that is under way. */
  private again = false;

  constructor(
    readonly node: NodeId,
    private readonly host: NodeHost,
  ) {}

  /** The node cannot go on. `requested`: somebody stopped it on purpose. */
  down(cause: string, requested = false): void {
    if (this.state === 'lost') return;
    const error = (this.error = new NodeDown(
      nodeRestarts(String(this.node), requested ? cause : causeDetail(cause)),
    ));
    const recovering = this.state === 'recovering';
    this.cause = cause;
    this.again = recovering;
    if (!recovering) this.enter('recovering');
    this.host.down(this.node, error, cause);
    if (!requested && this.tooOften()) return this.lose();
    if (!recovering) void this.recover();
  }

  private async recover(): Promise<void> {
    const started = systemClock.monotonicMs();
    do {
      this.again = false;
      this.starts++;
      try {
        await this.host.restart(this.node);
      } catch (error) {
        // When it went down once more, that was counted.
        if (!this.again && !this.failedAgain(error)) return;
      }
    } while (this.again && this.isRecovering);
    if (!this.isRecovering) return;
    this.downMs = Math.round(systemClock.monotonicMs() - started);
    this.enter('up');
    this.host.up(this.node);
  }
  private failedAgain(error: unknown): boolean {
    this.again = true;
    this.cause = causeText(error);
    if (this.tooOften()) this.lose();
    return this.isRecovering;
  }
  private get isRecovering(): boolean {
    return this.state === 'recovering';
  }
  private tooOften(): boolean {
    const now = systemClock.monotonicMs();
    this.faults.push(now);
    while (this.faults[0]! < now - NODE_RESTARTS_MS) this.faults.shift();
    return this.faults.length > NODE_RESTARTS_MAX;
  }
  private lose(): void {
    this.enter('lost');
    this.host.lost(this.node, this.cause);
  }
  private enter(state: NodeState): void {
    this.state = state;
    this.sinceMicros = systemClock.nowMicros();
  }
}
