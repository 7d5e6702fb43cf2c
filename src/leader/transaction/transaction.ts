/**
 * One transaction: its own catalog changes, slice changes and dropped storage, its snapshot and its locks.
 * Made by TransactionManager.begin; ended by commit() or rollback(), after which it holds nothing.
 *
 * The snapshot is taken at first use. The catalog is read-committed: every call of catalog() shows the newest
 * committed catalog with the transaction's own changes laid over it.
 */
import { assert } from '../../common/assert.ts';
import { readOnlyTransaction } from '../../common/errors/catalogue.ts';
import { serializableViolation } from '../../common/errors/recorded-errors.ts';
import type { SqlError } from '../../common/errors/sql-error.ts';
import type { SliceId, TableId, Xid } from '../../common/ids.ts';
import type { SliceChange, Snapshot } from '../../slices/storage.ts';
import { RDSDB_OID } from '../catalog/bootstrap.ts';
import { applyChanges } from '../catalog/catalog.ts';
import type { CatalogState } from '../catalog/state.ts';
import { CatalogView } from '../catalog/view.ts';
import { CatalogOrigins } from './catalog-origins.ts';
import type { ConflictGraph, ConflictNode } from './conflict-graph.ts';
import type { LockOwner } from './locks.ts';
import type { CatalogChange } from '../catalog/changes.ts';
import type { LockGain, LockKey, LockMode } from '../catalog/scope.ts';
import type { IsolationLevel, RowUse, Transaction, TransactionOptions } from './types.ts';

/** What a transaction asks of its manager. */
export interface TransactionHost {
  readonly committed: CatalogState;
  takeXid(): Xid;
  takeSnapshot(own: LeaderTransaction): { readonly xmax: Xid; readonly active: readonly Xid[]; readonly lsn: number };
  acquire(owner: LockOwner, key: LockKey, mode: LockMode, signal: AbortSignal): Promise<LockGain>;
  release(owner: LockOwner, key: LockKey): void;
  holds(owner: LockOwner, key: LockKey, mode: LockMode): boolean;
  lastChange(tableId: TableId): { readonly xid: Xid } | undefined;
  /** Some other open transaction has taken its snapshot. */
  hasSnapshotBeside(own: Transaction): boolean;
  /** The last commit that removed the table's rows or wrote them anew, out of reach of older snapshots. */
  lastRewrite(tableId: TableId): { readonly xid: Xid } | undefined;
  readonly conflicts: ConflictGraph;
  commit(transaction: LeaderTransaction): Promise<void>;
  rollback(transaction: LeaderTransaction): Promise<void>;
}

const LOCK_OF: Readonly<Record<RowUse, LockMode>> = {
  read: 'AccessShareLock',
  append: 'ShareRowExclusiveLock',
  modify: 'ShareRowExclusiveLock',
  rewrite: 'AccessExclusiveLock',
  replace: 'AccessExclusiveLock',
};
const READS: ReadonlySet<RowUse> = new Set(['read', 'modify', 'rewrite']);

const changesNothing = (c: SliceChange): boolean =>
  c.groupsAdded.length === 0 && c.groupsRemoved.length === 0 && c.deletes.length === 0 && c.tail.length === 0;

export class LeaderTransaction implements Transaction, LockOwner {
  readonly database: number;
  readonly pid: number;
  readonly readOnly: boolean;
  readonly startedAtMicros: bigint;
  private readonly host: TransactionHost;
  readonly isolation: IsolationLevel;
  private readonly options: TransactionOptions;
  private currentXid: Xid = 0;
  private currentStatement = 1;
  private taken: { readonly xmax: Xid; readonly active: readonly Xid[]; readonly lsn: number } | undefined;
  private status: Transaction['state'] = 'open';
  /** Set while a commit or rollback runs. */
  private ending: Promise<void> | undefined;
  private readonly ownCatalog: CatalogChange[] = [];
  readonly origins = new CatalogOrigins();
  private readonly ownSlices: SliceChange[] = [];
  private readonly dropped = new Set<TableId>();
  /** Tables whose rows older snapshots will not find any more. */
  readonly rewritten = new Set<TableId>();
  /** Its commit changes no row, only where rows lie: snapshots that are taken now see it before it is there. */
  isMove = false;
  /** In a SERIALIZABLE database, from the snapshot on. */
  conflicts: ConflictNode | undefined;
  /** It asked for its xid to write with. */
  mayHaveWritten = false;
  /** Some slice was handed rows under this xid, even if they came to nothing. */
  touchedSlices = false;
  /** Why it can only be rolled back: a node went out of service with work or rows of it. */
  lost: SqlError | undefined;
  private overlay: { readonly base: CatalogState; readonly length: number; readonly view: CatalogView } | undefined;

  constructor(
    host: TransactionHost,
    database: number,
    pid: number,
    startedAtMicros: bigint,
    isolation: IsolationLevel,
    options: TransactionOptions,
  ) {
    this.host = host;
    this.database = database;
    this.pid = pid;
    this.startedAtMicros = startedAtMicros;
    this.readOnly = options.readOnly;
    this.isolation = isolation;
    this.options = options;
  }

  get userid(): number {
    return this.options.userid ?? RDSDB_OID;
  }
  get xid(): Xid {
    return this.currentXid;
  }
  get statement(): number {
    return this.currentStatement;
  }
  get state(): Transaction['state'] {
    return this.status;
  }
  get snapshotLsn(): number | undefined {
    return this.taken?.lsn;
  }
  /** The signal of the statement that runs now. */
  get signal(): AbortSignal {
    return this.options.signal();
  }
  /** Oldest xid this transaction's snapshot does not see as committed. */
  get xmin(): Xid | undefined {
    return this.taken === undefined ? undefined : Math.min(this.taken.xmax, ...this.taken.active);
  }

  nextStatement(): void {
    this.currentStatement++;
  }

  snapshot(): Snapshot {
    this.assertOpen();
    if (this.lost !== undefined) throw this.lost;
    if (this.taken === undefined) this.takeSnapshot();
    const taken = this.taken!;
    return {
      xmax: taken.xmax,
      active: taken.active,
      own: this.currentXid,
      statement: this.currentStatement,
    };
  }

  catalog(): CatalogView {
    const base = this.host.committed;
    const length = this.ownCatalog.length;
    if (this.overlay === undefined || this.overlay.base !== base || this.overlay.length !== length) {
      this.overlay = { base, length, view: new CatalogView(applyChanges(base, this.ownCatalog), this.database) };
    }
    return this.overlay.view;
  }

  requireXid(): Xid {
    this.assertOpen();
    if (this.readOnly) throw readOnlyTransaction();
    this.mayHaveWritten = true;
    return this.identify();
  }
  identify(): Xid {
    if (this.currentXid === 0) this.currentXid = this.host.takeXid();
    return this.currentXid;
  }

  waits(): void {
    this.options.waits?.();
  }
  async lock(key: LockKey, mode: LockMode): Promise<LockGain> {
    this.assertOpen();
    if (mode !== 'AccessShareLock') this.requireXid();
    return this.host.acquire(this, key, mode, this.signal);
  }

  unlock(key: LockKey): void {
    this.host.release(this, key);
  }

  touch(tableId: TableId, use: RowUse): void {
    this.assertOpen();
    assert(this.host.holds(this, tableId, LOCK_OF[use]), `table ${tableId} is touched without its lock`);
    if (this.taken === undefined) this.takeSnapshot();
    const reads = READS.has(use);
    // Rows a snapshot cannot reach any more would be silently missing.
    const rewrite = reads ? this.host.lastRewrite(tableId) : undefined;
    if (rewrite !== undefined && !this.sees(rewrite.xid)) throw this.tooOld(tableId, rewrite.xid);
    const change = use === 'rewrite' ? this.host.lastChange(tableId) : undefined;
    if (change !== undefined && !this.sees(change.xid)) throw this.tooOld(tableId, change.xid);
    if (this.conflicts === undefined) return;
    if (reads) this.host.conflicts.read(this.conflicts, tableId);
    if (use !== 'read') this.host.conflicts.write(this.conflicts, tableId);
  }

  rewrote(tableId: TableId): void {
    this.rewritten.add(tableId);
  }

  /**
   * Whoever takes a snapshot from now on may read and change the moved rows as soon as they are there. With the table for
   * itself, nothing written to it since the snapshot, and no other snapshot open.
   */
  announceMove(): void {
    assert(this.conflicts === undefined && !this.host.hasSnapshotBeside(this), 'a move that others would notice');
    this.isMove = true;
  }

  /** Whether the snapshot sees what this transaction committed. */
  private sees(xid: Xid): boolean {
    const { xmax, active } = this.taken!;
    return xid < xmax && !active.includes(xid);
  }
  private takeSnapshot(): void {
    // Circles are told by xid, so a transaction that may stand in one has its own even when it only reads.
    const serializable = this.isolation === 'serializable';
    if (serializable) this.identify();
    this.taken = this.host.takeSnapshot(this);
    if (serializable) this.conflicts = this.host.conflicts.begin(this.currentXid, this.pid);
  }

  private tooOld(tableId: TableId, by: Xid): Error {
    return serializableViolation(
      `Serializable isolation violation on table - ${tableId}, transactions forming the cycle are: ` +
        `${this.currentXid}, ${by} (pid:${this.pid})`,
    );
  }

  changeCatalog(change: CatalogChange): void {
    this.requireXid();
    this.origins.note(change, this.host.committed);
    this.ownCatalog.push(change);
  }

  addSliceChanges(changes: readonly SliceChange[]): void {
    if (changes.length === 0) return;
    this.requireXid();
    this.touchedSlices = true;
    for (const change of changes) if (!changesNothing(change)) this.ownSlices.push(change);
  }

  hasWorkOn(isOn: (slice: SliceId) => boolean): boolean {
    return this.ownSlices.some((c) => isOn(c.slice));
  }
  /** Whoever runs it is told, unless its commit or rollback is under way: that ends by itself. */
  lose(error: SqlError): void {
    if (this.lost !== undefined) return;
    this.lost = error;
    if (this.ending === undefined) this.options.lost?.(error);
  }

  dropStorage(tableId: TableId): void {
    this.requireXid();
    this.dropped.add(tableId);
  }

  /**
   * What the commit record holds. Changes to storage that is dropped in the same transaction are not kept.
   */
  work(): {
    readonly catalog: readonly CatalogChange[];
    readonly slices: readonly SliceChange[];
    readonly drops: readonly TableId[];
  } {
    return {
      catalog: this.ownCatalog,
      slices: this.ownSlices.filter((c) => !this.dropped.has(c.tableId)),
      drops: [...this.dropped],
    };
  }

  async commit(): Promise<void> {
    this.assertOpen();
    await this.end(this.host.commit(this));
  }

  async rollback(): Promise<void> {
    // A session that closes during its commit only waits for the outcome.
    if (this.ending !== undefined) await this.ending.catch(() => undefined);
    if (this.status !== 'open') return;
    await this.end(this.host.rollback(this));
  }

  private async end(work: Promise<void>): Promise<void> {
    this.ending = work;
    try {
      await work;
    } finally {
      this.ending = undefined;
    }
  }

  /** Called by the manager when the outcome is visible. */
  ended(state: 'committed' | 'rolled back'): void {
    this.status = state;
  }

  private assertOpen(): void {
    const now = this.ending === undefined ? this.status : 'ending';
    assert(now === 'open', `transaction is ${now}`);
  }
}
