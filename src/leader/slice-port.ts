/**
 * What the transaction manager asks of the slices, over the cluster's requests. Each slice gets its own changes and its
 * node's owner's (it reads the owner's ALL tables), nothing else. A commit on a node that is down waits until the node is
 * back: it has the commit out of the log then, or gets it. After commits and rollbacks the slices are told, now
 * and then and when things have calmed down, up to which transaction old rows can go. Made by leader.ts.
 */
import { NodeDown } from '../common/errors/fault.ts';
import type { SqlError } from '../common/errors/sql-error.ts';
import type { NodeId, SliceId, TableId, Xid } from '../common/ids.ts';
import type { LoggedCommit, SliceRequest } from '../execution/messages.ts';
import type { SliceChange } from '../slices/storage.ts';
import type { RowCounts } from './row-counts.ts';
import type { Cluster } from './scheduler/cluster.ts';
import type { SlicePort } from './transaction/transaction-manager.ts';
import type { XidHorizon } from './transaction/types.ts';

/** Commits after which slices reclaim at the latest. */
const RECLAIM_COMMITS = 16;
/** Quiet time after which they do so anyway. */
const RECLAIM_IDLE_MS = 200;

export interface SlicePortEvents {
  /** A commit wrote to these tables. */
  changed(tables: ReadonlySet<TableId>): void;
  /** Work in the background failed. */
  failed(what: string, error: unknown): void;
}

export class ClusterSlicePort implements SlicePort {
  private ended = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private reclaiming: Promise<void> | undefined;
  /** Set when recovery is over. */
  private horizon: (() => XidHorizon) | undefined;
  /** Images that are kept. */
  private readonly images = new Set<number>();
  /** Per node: LSN up to which its threads had the log when they came up. */
  private readonly replayed: number[];

  constructor(
    readonly cluster: Cluster,
    private readonly rowCounts: RowCounts,
    private readonly events: SlicePortEvents,
  ) {
    this.replayed = new Array<number>(cluster.topology.nodes).fill(0);
  }

  private share(slice: SliceId, changes: readonly SliceChange[]): readonly SliceChange[] {
    const owner = slice - (slice % this.cluster.topology.slicesPerNode);
    return changes.filter((c) => c.slice === slice || c.slice === owner);
  }
  private slicesOf(node?: NodeId): readonly SliceId[] {
    const { sliceCount, slicesPerNode } = this.cluster.topology;
    if (node === undefined) return Array.from({ length: sliceCount }, (_, slice) => slice);
    return Array.from({ length: slicesPerNode }, (_, k) => node * slicesPerNode + k);
  }
  private async everySlice(send: (slice: SliceId) => Promise<unknown>): Promise<void> {
    await Promise.all(this.slicesOf().map(send));
  }

  async applyCommit(
    xid: Xid,
    lsn: number,
    changes: readonly SliceChange[],
    drops: readonly TableId[],
    restores?: number,
  ): Promise<void> {
    if (this.rowCounts.ready) this.rowCounts.apply(changes, drops);
    if (changes.length === 0 && drops.length === 0 && restores === undefined) return;
    await this.everySlice((slice) =>
      this.apply(slice, { kind: 'commit', xid, lsn, changes: this.share(slice, changes), drops, restores }),
    );
    if (restores !== undefined) this.rowCounts.load(await this.cluster.requestAll({ kind: 'tables' }));
    this.reclaimSoon();
    this.events.changed(new Set(changes.map((c) => c.tableId)));
  }
  private async apply(slice: SliceId, commit: Extract<SliceRequest, { kind: 'commit' }>): Promise<void> {
    const node = this.cluster.topology.nodeOf(slice);
    for (;;) {
      const up = this.cluster.nodeUp(node);
      if (up !== undefined) await up;
      if (commit.lsn <= this.replayed[node]!) return;
      try {
        return await this.cluster.request(slice, commit);
      } catch (error) {
        if (!(error instanceof NodeDown)) throw error;
      }
    }
  }
  /** A node that is down has nothing left to forget. */
  async rollback(xid: Xid): Promise<void> {
    await this.everySlice((slice) =>
      this.cluster.request(slice, { kind: 'rollback', xid }).catch((error: unknown) => {
        if (!(error instanceof NodeDown)) throw error;
      }),
    );
    this.reclaimSoon();
  }
  /** Why these changes may not be committed: their node is out of service. */
  outageOf(changes: readonly SliceChange[]): SqlError | undefined {
    for (const { slice } of changes) {
      const error = this.cluster.downError(this.cluster.topology.nodeOf(slice));
      if (error !== undefined) return error;
    }
    return undefined;
  }
  async checkpoint(lsn: number): Promise<void> {
    await this.cluster.requestAll({ kind: 'checkpoint', lsn });
  }

  async keepImage(image: number, lsn: number): Promise<readonly (readonly string[])[]> {
    this.images.add(image);
    try {
      return await this.cluster.requestAll({ kind: 'keep-image', image, lsn });
    } catch (error) {
      await this.dropImage(image);
      throw error;
    }
  }
  /** What a node that is down keeps of it goes when it is back. */
  async dropImage(image: number): Promise<void> {
    this.images.delete(image);
    await this.everySlice((slice) =>
      this.cluster.request(slice, { kind: 'drop-image', image }).catch((error: unknown) => {
        if (!(error instanceof NodeDown)) throw error;
      }),
    );
  }

  private recoverRequest(
    slice: SliceId,
    commits: readonly LoggedCommit[],
  ): Extract<SliceRequest, { kind: 'recover' }> {
    const own = commits.map((c) => ({ ...c, changes: this.share(slice, c.changes) }));
    const work = own.filter((c) => c.changes.length + c.drops.length > 0 || c.restores !== undefined);
    return { kind: 'recover', commits: work };
  }
  async recover(commits: readonly LoggedCommit[]): Promise<void> {
    await this.everySlice((slice) => this.cluster.request(slice, this.recoverRequest(slice, commits)));
  }
  /** The same for the new threads of one node. */
  async recoverNode(node: NodeId, commits: readonly LoggedCommit[]): Promise<void> {
    await Promise.all(
      this.slicesOf(node).map((s) => this.cluster.requestStarting(s, this.recoverRequest(s, commits))),
    );
  }
  /** The node has the log up to `lsn`. Gives what is strange. */
  async nodeRecovered(node: NodeId, lsn: number): Promise<readonly string[]> {
    const asked = this.slicesOf(node).map((s) =>
      this.cluster.requestStarting(s, { kind: 'recovered', images: [...this.images] }),
    );
    const notes = (await Promise.all(asked)).flat();
    this.replayed[node] = lsn;
    return notes;
  }

  /** The log is replayed: stray files go, and from now on old rows are reclaimed. Gives what is strange. */
  async recovered(horizon: () => XidHorizon): Promise<readonly string[]> {
    const notes = await this.cluster.requestAll({ kind: 'recovered', images: [] });
    this.horizon = horizon;
    this.reclaimSoon();
    return notes.flat();
  }
  close(): void {
    clearTimeout(this.timer);
    this.horizon = undefined;
  }

  private reclaimSoon(): void {
    if (this.horizon === undefined) return;
    this.ended++;
    clearTimeout(this.timer);
    const reclaim = (): void => void (this.reclaiming ?? this.reclaim());
    if (this.ended >= RECLAIM_COMMITS) return reclaim();
    this.timer = setTimeout(reclaim, RECLAIM_IDLE_MS).unref();
  }
  /** What the disk refuses is told and tried again next time; a node that is down has thrown away what there was. */
  async reclaim(): Promise<void> {
    if (this.horizon === undefined) return;
    this.ended = 0;
    const horizon = this.horizon();
    const asked = this.slicesOf().map((slice) =>
      this.cluster.request(slice, { kind: 'reclaim', ...horizon }).catch((error: unknown) => {
        const isOver = this.horizon === undefined || this.cluster.outage !== undefined;
        if (isOver || error instanceof NodeDown) return;
        this.events.failed(`reclaiming old rows of slice ${slice}`, error);
      }),
    );
    const done = Promise.all(asked).then(() => undefined);
    this.reclaiming = done;
    await done;
    if (this.reclaiming === done) this.reclaiming = undefined;
  }
}
