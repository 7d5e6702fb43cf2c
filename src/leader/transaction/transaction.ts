/**
 * One transaction: its own catalog changes, slice changes and dropped storage, its snapshot and its locks.
 * Made by TransactionManager.begin; ended by commit() or rollback(), after which it holds nothing.
 *
 * The snapshot is taken at first use. The catalog is read-committed: every call of catalog() shows the newest
 * committed catalog with the transaction's own changes laid over it.
 */
import { assert } from '../../common/assert.ts';
import type { TableId, Xid } from '../../common/ids.ts';
import { readOnlyTransaction, relationChanged, serializableViolation } from '../../common/errors/catalogue.ts';
import type { SliceChange, Snapshot } from '../../slices/storage.ts';
import { applyChanges, CatalogView } from '../catalog/catalog.ts';
import type { CatalogState } from '../catalog/catalog.ts';
import type { LockOwner } from './locks.ts';
import type { CatalogChange, LockMode, LockOptions, Transaction } from './types.ts';

/** What a transaction asks of its manager. */
export interface TransactionHost {
  readonly committed: CatalogState;
  assignXid(transaction: LeaderTransaction): Xid;
  takeSnapshot(own: LeaderTransaction): { readonly xmax: Xid; readonly active: readonly Xid[]; readonly lsn: number };
  acquire(owner: LockOwner, tableId: TableId, mode: LockMode, signal?: AbortSignal): Promise<void>;
  lastChange(tableId: TableId): { readonly lsn: number; readonly xid: Xid } | undefined;
  commit(transaction: LeaderTransaction): Promise<void>;
  rollback(transaction: LeaderTransaction): Promise<void>;
}

export interface TransactionOptions {
  readonly readOnly: boolean;
  readonly cancelSignal?: () => AbortSignal | undefined;
}

const changesNothing = (c: SliceChange): boolean =>
  c.groupsAdded.length === 0 && c.groupsRemoved.length === 0 && c.deletes.length === 0 && c.tail.length === 0;

export class LeaderTransaction implements Transaction, LockOwner {
  readonly database: number;
  readonly pid: number;
  readonly readOnly: boolean;
  readonly startedAtMicros: bigint;
  private readonly host: TransactionHost;
  private readonly cancelSignal: (() => AbortSignal | undefined) | undefined;
  private currentXid: Xid = 0;
  private currentStatement = 1;
  private taken: { readonly xmax: Xid; readonly active: readonly Xid[]; readonly lsn: number } | undefined;
  private status: Transaction['state'] = 'open';
  /** Set while a commit or rollback runs. */
  private ending: Promise<void> | undefined;
  private readonly ownCatalog: CatalogChange[] = [];
  private readonly ownSlices: SliceChange[] = [];
  private readonly dropped = new Set<TableId>();
  /** Some slice was handed rows under this xid, even if they came to nothing. */
  touchedSlices = false;
  private overlay: { readonly base: CatalogState; readonly length: number; readonly view: CatalogView } | undefined;

  constructor(
    host: TransactionHost,
    database: number,
    pid: number,
    startedAtMicros: bigint,
    options: TransactionOptions,
  ) {
    this.host = host;
    this.database = database;
    this.pid = pid;
    this.startedAtMicros = startedAtMicros;
    this.readOnly = options.readOnly;
    this.cancelSignal = options.cancelSignal;
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
  /** Oldest xid this transaction's snapshot does not see as committed. */
  get xmin(): Xid | undefined {
    return this.taken === undefined ? undefined : Math.min(this.taken.xmax, ...this.taken.active);
  }

  nextStatement(): void {
    this.currentStatement++;
  }

  snapshot(): Snapshot {
    this.assertOpen();
    this.taken ??= this.host.takeSnapshot(this);
    return {
      xmax: this.taken.xmax,
      active: this.taken.active,
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
    if (this.currentXid === 0) this.currentXid = this.host.assignXid(this);
    return this.currentXid;
  }

  async lock(tableId: TableId, mode: LockMode, options: LockOptions = {}): Promise<void> {
    this.assertOpen();
    if (mode !== 'AccessShareLock') this.requireXid();
    await this.host.acquire(this, tableId, mode, options.signal ?? this.cancelSignal?.());
    if (mode !== 'AccessExclusiveLock' || options.intent === 'modify') this.refuseRewritten(tableId);
    const intent = options.intent ?? (mode === 'ShareRowExclusiveLock' ? 'modify' : 'catalog');
    if (intent !== 'catalog') this.refuseOlderSnapshot(tableId, intent);
  }

  /** A table written anew behind this transaction's snapshot would look empty. */
  private refuseRewritten(tableId: TableId): void {
    if (this.taken === undefined) return;
    const table = this.catalog().relationByOid(tableId);
    const xid = table?.kind === 'table' ? table.rewrittenBy : undefined;
    if (xid === undefined || xid === this.currentXid) return;
    if (xid >= this.taken.xmax || this.taken.active.includes(xid)) throw relationChanged();
  }

  /** A writer must not build on rows that a transaction it cannot see has changed since. */
  private refuseOlderSnapshot(tableId: TableId, intent: 'append' | 'modify'): void {
    if (this.taken === undefined) return;
    const last = this.host.lastChange(tableId);
    if (last === undefined || last.lsn <= this.taken.lsn) return;
    if (intent === 'append' && this.catalog().database.isolation !== 'serializable') return;
    throw serializableViolation(
      `Serializable isolation violation on table - ${tableId}, transactions forming the cycle are: ` +
        `${this.currentXid}, ${last.xid} (pid:${this.pid})`,
    );
  }

  changeCatalog(change: CatalogChange): void {
    this.requireXid();
    this.ownCatalog.push(change);
  }

  addSliceChanges(changes: readonly SliceChange[]): void {
    if (changes.length === 0) return;
    this.requireXid();
    this.touchedSlices = true;
    for (const change of changes) if (!changesNothing(change)) this.ownSlices.push(change);
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
