/**
 * The transaction manager: xids, snapshots, locks, commits, checkpoints and recovery of the whole cluster.
 *
 *   commit:  names checked -> record written and synced (group commit) -> slices apply -> visible, in LSN order
 *            -> locks released -> the client gets its answer
 *
 * Invariants: a transaction is in `running` until its changes are visible on every slice, so a snapshot never
 * sees half of it. LSN order is visibility order. Xids and oids are reserved durably before they are used, so
 * none is used twice. While a checkpoint runs no commit is under way, so slices and catalog describe the same
 * LSN.
 */
import { assert } from '../../common/assert.ts';
import type { TableId, Xid } from '../../common/ids.ts';
import {
  checkpointCorrupt,
  committedBeforeOutage,
  rootDamaged,
  superblockAhead,
} from '../../common/errors/catalogue.ts';
import type { SqlError } from '../../common/errors/sql-error.ts';
import { COMMIT_LOG_CHECKPOINT_BYTES, OID_RESERVATION, XID_RESERVATION } from '../../common/limits.ts';
import type { SliceChange } from '../../slices/storage.ts';
import { bootstrapCatalog, DEFAULT_BOOTSTRAP, FIRST_OBJECT_OID } from '../catalog/bootstrap.ts';
import { applyChanges, applyCommit, EMPTY_CATALOG } from '../catalog/catalog.ts';
import type { CatalogState } from '../catalog/catalog.ts';
import { leftoverTemporarySchemas } from '../catalog/temporary-schemas.ts';
import { pathIn, readCheckpoints, writeCheckpoint, type Checkpoint } from './checkpoint.ts';
import { CommitLog } from './commit-log.ts';
import { ConflictGraph } from './conflict-graph.ts';
import { IdentityCounters } from './identity.ts';
import { LockTable } from './locks.ts';
import type { LockOwner } from './locks.ts';
import type { LogRecord } from './log-record.ts';
import { Root, withNotes } from './root.ts';
import { LeaderTransaction } from './transaction.ts';
import type { RecoveredCommit, TransactionManagerOptions } from './surroundings.ts';
import type { TransactionHost } from './transaction.ts';
import type {
  CatalogChange,
  LockInfo,
  LockMode,
  Transaction,
  TransactionManager,
  TransactionOptions,
} from './types.ts';
import { orCancelled, uninterrupted } from './waits.ts';

const FIRST_XID = 1000;
const NO_WAREHOUSE = '0'.repeat(16);
/** Commits handed to the slices at once at recovery. */
const RECOVERY_BATCH = 1024;

export type { RecoveredCommit, SlicePort, TransactionManagerOptions } from './surroundings.ts';

interface LastChange {
  readonly lsn: number;
  readonly xid: Xid;
}

export class LeaderTransactionManager implements TransactionManager, TransactionHost {
  private readonly options: TransactionManagerOptions;
  private state: CatalogState = EMPTY_CATALOG;
  private readonly log: CommitLog | undefined;
  private readonly root: Root | undefined;
  private readonly warehouse: string;
  private memoryLsn = 0;
  private readonly locking = new LockTable();
  /** For running transactions only, as `rewrites` too: nothing of them is kept over a restart. */
  readonly conflicts = new ConflictGraph();
  private readonly rewrites = new Map<TableId, LastChange>();
  private readonly open = new Set<LeaderTransaction>();
  private readonly identities = new IdentityCounters();
  private readonly lastChanges = new Map<TableId, LastChange>();
  private nextXid = FIRST_XID;
  private xidLimit = FIRST_XID;
  private nextObject = FIRST_OBJECT_OID;
  private oidLimit = FIRST_OBJECT_OID;
  private reserving: Promise<unknown> | undefined;
  private checkpointSequence = 0;
  private previousCheckpointLsn = 0;
  private bytesAtCheckpoint = 0;
  private visibleLsn = 0;
  /** Resolves when every commit logged so far is visible. */
  private visibility: Promise<void> = Promise.resolve();
  /** Catalog changes logged or about to be, not yet visible. */
  private readonly pending = new Set<readonly CatalogChange[]>();
  private committing = 0;
  private drained: (() => void) | undefined;
  private checkpointing: Promise<void> | undefined;
  private automaticCheckpoint: Promise<void> | undefined;

  constructor(options: TransactionManagerOptions) {
    this.options = options;
    this.warehouse = options.warehouse ?? NO_WAREHOUSE;
    if (options.memory) return;
    const { disk, directory } = options;
    this.root = new Root(disk, '.', this.warehouse);
    this.log = new CommitLog(disk, pathIn(directory, 'log'), this.root, this.warehouse, () => options.outage?.());
  }

  get committed(): CatalogState {
    return this.state;
  }

  // ---- start ----

  /** Reads checkpoint and log, hands the tail to the slices and makes the cluster writable. */
  async start(): Promise<void> {
    const bootstrap = this.options.bootstrap ?? DEFAULT_BOOTSTRAP;
    if (this.log === undefined) {
      this.state = bootstrapCatalog(bootstrap);
      return;
    }
    const { disk, directory } = this.options;
    if (directory !== '.' && !disk.exists(directory)) {
      disk.makeDirectory(directory);
      disk.syncDirectory('.');
    }
    const root = this.root!;
    const rooted = root.found?.checkpoint;
    const found = readCheckpoints(disk, directory, this.warehouse, rooted);
    if (rooted === undefined) this.refuseWithoutRoot(found.newest);
    else if (found.newest === undefined) {
      throw checkpointCorrupt(found.damaged.join('; ') || 'catalog-a and catalog-b are missing');
    }
    if (rooted === undefined || found.newest === undefined) {
      this.state = bootstrapCatalog(bootstrap);
      this.writeCatalogCheckpoint(0);
    } else {
      const c = found.newest;
      this.state = c.catalog;
      this.checkpointSequence = c.sequence + 1;
      this.previousCheckpointLsn = found.oldestLsn;
      this.visibleLsn = c.lsn;
      this.setCounters(c.nextXid, c.nextOid);
      this.identities.restore(c.identities);
      for (const change of c.lastChanges) this.lastChanges.set(change.tableId, change);
    }
    const base = this.visibleLsn;
    await this.recover(base, [...root.notes, ...found.damaged, ...(this.options.notes ?? [])]);
    root.settle({ checkpoint: this.checkpointSequence - 1, checkpointLsn: base });
    this.bytesAtCheckpoint = this.log.bytes;
    this.reserveNow();
    await this.sweepTemporarySchemas();
  }

  /** Without a root nothing may be there but what a crash left while the warehouse was made. */
  private refuseWithoutRoot(checkpoint: Checkpoint | undefined): void {
    const { made, sliceLsns = [] } = this.options;
    const used = (checkpoint?.sequence ?? 0) > 0 || this.log!.hasRecords || sliceLsns.some((lsn) => lsn > 0);
    if (made !== true && !used) return;
    throw rootDamaged(this.root!.notes.join('; ') || 'root-a and root-b are missing');
  }

  private async recover(afterLsn: number, damaged: readonly string[]): Promise<void> {
    const lsns = this.options.sliceLsns ?? [];
    const needed = this.root!.found?.checkpointLsn ?? 0;
    const behind = lsns.flatMap((lsn, slice) =>
      lsn < needed ? [`slices/${slice}: no superblock holds record ${needed}, the newest ends with ${lsn}`] : [],
    );
    const notes = [...damaged, ...behind];
    const commits = withNotes(notes, () => this.replay(Math.min(afterLsn, ...lsns), afterLsn));
    const ahead = lsns.findIndex((lsn) => lsn > this.log!.lastLsn);
    if (ahead >= 0) throw superblockAhead(String(ahead), String(lsns[ahead]), String(this.log!.lastLsn));
    for (let i = 0; i < commits.length; i += RECOVERY_BATCH) {
      await this.options.slicePort.recover(commits.slice(i, i + RECOVERY_BATCH));
    }
    for (const note of [...notes, ...this.log!.notes]) this.options.warn?.(note);
  }

  private replay(from: number, afterLsn: number): readonly RecoveredCommit[] {
    const commits: RecoveredCommit[] = [];
    this.log!.open(from, (lsn, record) => {
      if (lsn <= afterLsn) {
        if (record.kind === 'commit')
          commits.push({ lsn, xid: record.xid, changes: record.slices, drops: record.drops });
        return;
      }
      this.setCounters(record.xidLimit, record.oidLimit);
      this.identities.restore(record.identities);
      this.visibleLsn = lsn;
      if (record.kind !== 'commit') return;
      this.applyToState(record, lsn);
      commits.push({ lsn, xid: record.xid, changes: record.slices, drops: record.drops });
    });
    return commits;
  }

  private setCounters(xid: number, oid: number): void {
    this.nextXid = this.xidLimit = xid;
    this.nextObject = this.oidLimit = oid;
  }

  private async sweepTemporarySchemas(): Promise<void> {
    for (const database of [...this.state.databases.keys()]) {
      const { changes, drops } = leftoverTemporarySchemas(this.state, database);
      if (changes.length === 0) continue;
      const sweep = this.begin(database, 0, { readOnly: false, signal: uninterrupted });
      for (const change of changes) sweep.changeCatalog(change);
      for (const tableId of drops) sweep.dropStorage(tableId);
      await sweep.commit();
    }
  }

  // ---- ids ----

  private reservation(xidLimit: number, oidLimit: number, kind: 'reserve' | 'close'): LogRecord {
    return {
      kind,
      xid: 0,
      database: 0,
      catalog: [],
      slices: [],
      drops: [],
      identities: this.identities.takeMoved(),
      xidLimit,
      oidLimit,
    };
  }

  private reserveNow(): void {
    const xidLimit = this.nextXid + XID_RESERVATION;
    const oidLimit = this.nextObject + OID_RESERVATION;
    if (this.log !== undefined) {
      this.visibleAfter(this.log.appendNow(this.reservation(xidLimit, oidLimit, 'reserve')));
    }
    this.xidLimit = xidLimit;
    this.oidLimit = oidLimit;
  }

  /** A record that changes nothing anyone can see still moves the visible LSN when nothing is under way. */
  private visibleAfter(lsn: number): void {
    if (this.committing === 0) this.visibleLsn = Math.max(this.visibleLsn, lsn);
  }

  /** Reserves the next run in good time, so that assigning an id rarely waits for the disk. */
  private reserveAhead(): void {
    if (this.log === undefined || this.reserving !== undefined || this.checkpointing !== undefined) return;
    if (this.xidLimit - this.nextXid > XID_RESERVATION / 4 && this.oidLimit - this.nextObject > OID_RESERVATION / 4) {
      return;
    }
    const xidLimit = this.nextXid + XID_RESERVATION;
    const oidLimit = this.nextObject + OID_RESERVATION;
    this.committing++;
    this.reserving = this.log
      .append(this.reservation(xidLimit, oidLimit, 'reserve'))
      .then(
        () => {
          this.xidLimit = Math.max(this.xidLimit, xidLimit);
          this.oidLimit = Math.max(this.oidLimit, oidLimit);
        },
        // The next commit meets the same failure and reports it.
        () => undefined,
      )
      .finally(() => {
        this.reserving = undefined;
        this.leaveCommit();
      });
  }

  assignXid(_transaction: LeaderTransaction): Xid {
    if (this.nextXid >= this.xidLimit) this.reserveNow();
    const xid = this.nextXid++;
    this.reserveAhead();
    return xid;
  }

  nextOid(): number {
    if (this.nextObject >= this.oidLimit) this.reserveNow();
    const oid = this.nextObject++;
    this.reserveAhead();
    return oid;
  }

  nextIdentity(tableId: TableId, attnum: number, seed: bigint, step: bigint, count: number): bigint {
    return this.identities.next(tableId, attnum, seed, step, count);
  }
  inheritIdentity(from: TableId, to: TableId): void {
    this.identities.inherit(from, to);
  }

  // ---- transactions ----

  begin(database: number, sessionPid: number, options: TransactionOptions): LeaderTransaction {
    const isolation = this.state.databases.get(database)?.isolation ?? 'snapshot';
    const now = this.options.clock.nowMicros();
    const transaction = new LeaderTransaction(this, database, sessionPid, now, isolation, options);
    this.open.add(transaction);
    return transaction;
  }

  takeSnapshot(own: LeaderTransaction): {
    readonly xmax: Xid;
    readonly active: readonly Xid[];
    readonly lsn: number;
  } {
    const active: Xid[] = [];
    for (const t of this.open) if (t !== own && t.xid !== 0) active.push(t.xid);
    return { xmax: this.nextXid, active: active.sort((a, b) => a - b), lsn: this.visibleLsn };
  }

  acquire(owner: LockOwner, tableId: TableId, mode: LockMode, signal: AbortSignal): Promise<boolean> {
    return this.locking.acquire(owner, tableId, mode, signal);
  }
  release(owner: LockOwner, tableId: TableId): void {
    this.locking.release(owner, tableId);
  }
  holds(owner: LockOwner, tableId: TableId, mode: LockMode): boolean {
    return this.locking.holds(owner, tableId, mode);
  }
  lastRewrite(tableId: TableId): LastChange | undefined {
    return this.rewrites.get(tableId);
  }
  lastChange(tableId: TableId): LastChange | undefined {
    return this.lastChanges.get(tableId);
  }
  lastChangeLsn(tableId: TableId): number {
    return this.lastChanges.get(tableId)?.lsn ?? 0;
  }

  hasSnapshotBeside(own: Transaction): boolean {
    for (const t of this.open) if (t !== own && t.snapshotLsn !== undefined) return true;
    return false;
  }

  oldestXmin(): Xid {
    let oldest = this.nextXid;
    for (const t of this.open) {
      if (t.xid !== 0) oldest = Math.min(oldest, t.xid);
      if (t.xmin !== undefined) oldest = Math.min(oldest, t.xmin);
    }
    return oldest;
  }

  locks(): readonly LockInfo[] {
    return this.locking.list();
  }
  running(): readonly { readonly xid: Xid; readonly pid: number; readonly startedAtMicros: bigint }[] {
    return [...this.open].map((t) => ({ xid: t.xid, pid: t.pid, startedAtMicros: t.startedAtMicros }));
  }

  // ---- commit and rollback ----

  async commit(transaction: LeaderTransaction): Promise<void> {
    const { catalog, slices, drops } = transaction.work();
    if (transaction.conflicts !== undefined)
      await this.orUndo(transaction, () => this.conflicts.committing(transaction.conflicts!));
    if (catalog.length === 0 && slices.length === 0 && drops.length === 0) {
      if (transaction.touchedSlices) await this.options.slicePort.rollback(transaction.xid);
      this.finish(transaction, 'committed');
      return;
    }
    // A failed checkpoint is its caller's affair; the log still holds everything. The last wait that can be cancelled.
    while (this.checkpointing !== undefined) {
      const ended = this.checkpointing.catch(() => undefined);
      await this.orUndo(transaction, () => orCancelled(ended, transaction.signal));
    }
    this.committing++;
    const startMicros = this.options.clock.nowMicros();
    try {
      const lsn = await this.logCommit(transaction, catalog, slices, drops);
      const record = { database: transaction.database, xid: transaction.xid, catalog, slices, drops };
      const before = this.visibility;
      const applied = Promise.resolve().then(() =>
        this.options.slicePort.applyCommit(transaction.xid, lsn, slices, drops),
      );
      const visible = Promise.allSettled([applied, before]).then(() => {
        this.applyToState(record, lsn);
        for (const tableId of transaction.rewritten) this.rewrites.set(tableId, { lsn, xid: transaction.xid });
        this.pending.delete(catalog);
        this.visibleLsn = Math.max(this.visibleLsn, lsn);
        this.finish(transaction, 'committed');
      });
      this.visibility = visible;
      await visible;
      // A slice that failed here is out of service; the next start recovers the commit from the log.
      await applied.catch((error: unknown) => {
        const outage = this.options.outage?.();
        throw outage === undefined ? error : committedBeforeOutage(outage, this.log === undefined);
      });
      this.recordCommit(transaction.xid, startMicros, slices);
    } finally {
      this.leaveCommit();
    }
    this.checkpointWhenLarge();
  }

  /** A commit that may not go on is rolled back before its error goes on. */
  private async orUndo(transaction: LeaderTransaction, step: () => void | Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      await this.undo(transaction);
      throw error;
    }
  }

  /** Writes the record; when that fails the transaction is rolled back before the error goes on. */
  private async logCommit(
    transaction: LeaderTransaction,
    catalog: readonly CatalogChange[],
    slices: readonly SliceChange[],
    drops: readonly TableId[],
  ): Promise<number> {
    const identities = this.identities.takeMoved();
    try {
      this.refuseOutage();
      this.refuseTakenNames(catalog);
      this.pending.add(catalog);
      if (this.log === undefined) return ++this.memoryLsn;
      return await this.log.append({
        kind: 'commit',
        xid: transaction.xid,
        database: transaction.database,
        catalog,
        slices,
        drops,
        identities,
        xidLimit: this.xidLimit,
        oidLimit: this.oidLimit,
      });
    } catch (error) {
      this.identities.markMoved(identities);
      this.pending.delete(catalog);
      await this.undo(transaction);
      throw error;
    }
  }

  private refuseOutage(): void {
    const outage = this.options.outage?.();
    if (outage !== undefined) throw outage;
  }
  /** A node went out of service: nobody gets a lock any more. */
  stopWaiting(error: SqlError): void {
    this.locking.refuseWaiters(error);
  }

  /** Two transactions may have made objects of one name; the second to commit fails. */
  private refuseTakenNames(catalog: readonly CatalogChange[]): void {
    if (!catalog.some((c) => c.kind.startsWith('put-') && c.kind !== 'put-statistics')) return;
    let state = this.state;
    for (const changes of this.pending) state = applyChanges(state, changes);
    applyChanges(state, catalog, true);
  }

  private applyToState(
    record: Pick<LogRecord, 'database' | 'xid' | 'catalog' | 'slices' | 'drops'>,
    lsn: number,
  ): void {
    this.state = applyCommit(this.state, record.database, record.catalog, record.slices);
    for (const change of record.slices) this.lastChanges.set(change.tableId, { lsn, xid: record.xid });
    for (const tableId of record.drops) this.lastChanges.set(tableId, { lsn, xid: record.xid });
    for (const change of record.catalog) {
      if (change.kind !== 'drop-relation') continue;
      this.lastChanges.delete(change.oid);
      this.rewrites.delete(change.oid);
      this.identities.forget(change.oid);
    }
  }

  private recordCommit(xid: Xid, startMicros: bigint, slices: readonly SliceChange[]): void {
    this.options.history?.add('commits', {
      xid,
      node: -1,
      startMicros,
      endMicros: this.options.clock.nowMicros(),
      blocks: slices.reduce((sum, s) => sum + s.blocksAdded, 0),
      bytes: slices.reduce((sum, s) => sum + s.tail.length, 0),
    });
  }

  async rollback(transaction: LeaderTransaction): Promise<void> {
    await this.undo(transaction);
  }

  private async undo(transaction: LeaderTransaction): Promise<void> {
    try {
      if (transaction.xid !== 0) await this.options.slicePort.rollback(transaction.xid);
    } catch (error) {
      // In an outage there is nobody left to forget anything.
      if (this.options.outage?.() === undefined) throw error;
    } finally {
      this.finish(transaction, 'rolled back');
    }
  }

  private finish(transaction: LeaderTransaction, state: 'committed' | 'rolled back'): void {
    transaction.ended(state);
    this.open.delete(transaction);
    // Together with `open`, so that the graph's order of commits is the one that snapshots see.
    if (transaction.conflicts !== undefined) {
      if (state === 'committed') this.conflicts.committed(transaction.conflicts);
      else this.conflicts.rolledBack(transaction.conflicts);
    }
    this.locking.releaseAll(transaction);
  }

  private leaveCommit(): void {
    this.committing--;
    if (this.committing === 0) this.drained?.();
  }

  // ---- checkpoint ----

  checkpoint(): Promise<void> {
    if (this.log === undefined) return Promise.resolve();
    this.checkpointing ??= this.runCheckpoint().finally(() => {
      this.checkpointing = undefined;
    });
    return this.checkpointing;
  }

  private async runCheckpoint(): Promise<void> {
    // Lets `checkpointing` be set before anything else, so that new commits wait.
    await Promise.resolve();
    while (this.committing > 0) {
      await new Promise<void>((resolve) => {
        this.drained = resolve;
      });
    }
    const log = this.log!;
    await log.settled();
    const lsn = log.lastLsn;
    await this.options.slicePort.checkpoint(lsn);
    this.refuseOutage();
    this.writeCatalogCheckpoint(lsn);
    log.rotate();
    this.root!.settle({ checkpoint: this.checkpointSequence - 1, checkpointLsn: lsn });
    log.removeThrough(this.previousCheckpointLsn);
    this.previousCheckpointLsn = lsn;
    this.bytesAtCheckpoint = log.bytes;
  }

  private writeCatalogCheckpoint(lsn: number): void {
    writeCheckpoint(this.options.disk, this.options.directory, this.warehouse, {
      sequence: this.checkpointSequence++,
      lsn,
      catalog: this.state,
      nextXid: this.xidLimit,
      nextOid: this.oidLimit,
      identities: this.identities.all(),
      lastChanges: [...this.lastChanges].map(([tableId, change]) => ({ tableId, ...change })),
    });
  }

  private checkpointWhenLarge(): void {
    if (this.log === undefined || this.automaticCheckpoint !== undefined) return;
    const limit = this.options.checkpointBytes ?? COMMIT_LOG_CHECKPOINT_BYTES;
    if (this.log.bytes - this.bytesAtCheckpoint < limit) return;
    this.automaticCheckpoint = this.checkpoint()
      .then(
        () => undefined,
        (error: unknown) => {
          this.options.history?.add('errors', {
            userid: 1,
            pid: 0,
            timeMicros: this.options.clock.nowMicros(),
            sqlstate: 'XX000',
            message: error instanceof Error ? error.message : String(error),
            context: 'checkpoint',
          });
        },
      )
      .finally(() => {
        this.automaticCheckpoint = undefined;
      });
  }

  /** Open transactions must have ended. Writes a checkpoint and a clean end; in an outage neither. */
  async close(): Promise<void> {
    const isOut = (): boolean => this.options.outage?.() !== undefined;
    for (const transaction of [...this.open]) await transaction.rollback();
    await this.automaticCheckpoint;
    await this.reserving;
    if (this.log === undefined) return;
    if (isOut()) return this.shut();
    try {
      await this.checkpoint();
    } catch (error) {
      if (isOut()) return this.shut();
      throw error;
    }
    assert(this.committing === 0, 'closed during a commit');
    this.log.appendNow(this.reservation(this.nextXid, this.nextObject, 'close'));
    this.root!.settle({});
    await this.shut();
  }
  private async shut(): Promise<void> {
    await this.log?.close();
    await this.root?.close();
  }
}

/** Opens, recovers and starts the transaction manager of a data directory. */
export async function openTransactionManager(options: TransactionManagerOptions): Promise<LeaderTransactionManager> {
  const manager = new LeaderTransactionManager(options);
  await manager.start();
  return manager;
}
