/**
 * What the transaction manager asks of the slices, over the cluster's requests. Each slice gets its own changes and its
 * node's owner's (it reads the owner's ALL tables), nothing else. After commits and rollbacks the slices are told, now
 * and then and when things have calmed down, up to which transaction old rows can go. Made by leader.ts.
 */
import type { SliceId, TableId, Xid } from '../common/ids.ts';
import type { LoggedCommit } from '../execution/messages.ts';
import type { SliceChange } from '../slices/storage.ts';
import type { RowCounts } from './row-counts.ts';
import type { Cluster } from './scheduler/cluster.ts';
import type { SlicePort } from './transaction/transaction-manager.ts';

/** Commits after which slices reclaim at the latest. */
const RECLAIM_COMMITS = 16;
/** Quiet time after which they do so anyway. */
const RECLAIM_IDLE_MS = 200;

export class ClusterSlicePort implements SlicePort {
  private ended = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private reclaiming = false;
  /** Set when recovery is over. */
  private oldestXmin: (() => Xid) | undefined;

  constructor(
    private readonly cluster: Cluster,
    private readonly rowCounts: RowCounts,
    /** Told of the tables a commit wrote to. */
    private readonly changed: (tables: ReadonlySet<TableId>) => void = () => undefined,
  ) {}

  private share(slice: SliceId, changes: readonly SliceChange[]): readonly SliceChange[] {
    const owner = slice - (slice % this.cluster.topology.slicesPerNode);
    return changes.filter((c) => c.slice === slice || c.slice === owner);
  }
  private async everySlice(send: (slice: SliceId) => Promise<unknown>): Promise<void> {
    await Promise.all(Array.from({ length: this.cluster.topology.sliceCount }, (_, slice) => send(slice)));
  }

  async applyCommit(
    xid: Xid,
    lsn: number,
    changes: readonly SliceChange[],
    drops: readonly TableId[],
  ): Promise<void> {
    if (this.rowCounts.ready) this.rowCounts.apply(changes, drops);
    if (changes.length === 0 && drops.length === 0) return;
    await this.everySlice((slice) =>
      this.cluster.request(slice, { kind: 'commit', xid, lsn, changes: this.share(slice, changes), drops }),
    );
    this.reclaimSoon();
    this.changed(new Set(changes.map((c) => c.tableId)));
  }
  async rollback(xid: Xid): Promise<void> {
    await this.cluster.requestAll({ kind: 'rollback', xid });
    this.reclaimSoon();
  }
  async checkpoint(lsn: number): Promise<void> {
    await this.cluster.requestAll({ kind: 'checkpoint', lsn });
  }
  async recover(commits: readonly LoggedCommit[]): Promise<void> {
    await this.everySlice((slice) => {
      const own = commits.map((c) => ({ ...c, changes: this.share(slice, c.changes) }));
      return this.cluster.request(slice, {
        kind: 'recover',
        commits: own.filter((c) => c.changes.length + c.drops.length > 0),
      });
    });
  }

  /** The log is replayed: stray files go, and from now on old rows are reclaimed. Gives what is strange. */
  async recovered(oldestXmin: () => Xid): Promise<readonly string[]> {
    const notes = await this.cluster.requestAll({ kind: 'recovered' });
    this.oldestXmin = oldestXmin;
    this.reclaimSoon();
    return notes.flat();
  }
  close(): void {
    clearTimeout(this.timer);
    this.oldestXmin = undefined;
  }

  private reclaimSoon(): void {
    if (this.oldestXmin === undefined) return;
    this.ended++;
    clearTimeout(this.timer);
    if (this.ended >= RECLAIM_COMMITS) return this.reclaim();
    this.timer = setTimeout(() => this.reclaim(), RECLAIM_IDLE_MS).unref();
  }
  private reclaim(): void {
    if (this.oldestXmin === undefined || this.reclaiming) return;
    this.ended = 0;
    this.reclaiming = true;
    // A slice that fails here fails the next request as well, which tells its client.
    this.cluster
      .requestAll({ kind: 'reclaim', oldestXmin: this.oldestXmin() })
      .catch(() => undefined)
      .finally(() => {
        this.reclaiming = false;
      });
  }
}
