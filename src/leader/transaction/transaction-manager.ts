/**
 * The transaction manager: xids, snapshots, locks, commits, checkpoints and recovery of the whole cluster.
 *
 *   commit:  names and origins checked -> record written and synced (group commit) -> slices apply -> visible, in LSN order
 *            -> locks released -> the client gets its answer
 *
 * Invariants: a transaction is in `running` until its changes are visible on every slice, so a snapshot never
 * sees half of it. LSN order is visibility order. Xids and oids are reserved durably before they are used, so
 * none is used twice. While a checkpoint runs no commit is under way, so slices and catalog describe the same
 * LSN.
 */
import { assert } from '../../common/assert.ts';
import type { SliceId, TableId, Xid } from '../../common/ids.ts';
import {
  checkpointCorrupt,
  committedBeforeOutage,
  rootDamaged,
  superblockAhead,
} from '../../common/errors/catalogue.ts';
import { NodeDown } from '../../common/errors/fault.ts';
import type { SqlError } from '../../common/errors/sql-error.ts';
import type { SliceChange } from '../../slices/storage.ts';
import { bootstrapCatalog, DEFAULT_BOOTSTRAP, withBuiltins } from '../catalog/bootstrap.ts';
import { applyChanges, applyCommit } from '../catalog/catalog.ts';
import { classIn, databaseOids, EMPTY_CATALOG, type CatalogState } from '../catalog/state.ts';
import { leftoverTemporarySchemas } from '../catalog/temporary-schemas.ts';
import { AutomaticCheckpoint } from './automatic-checkpoint.ts';
import { pathIn, readCheckpoints, writeCheckpoint, type Checkpoint } from './checkpoint.ts';
import { CommitGate } from './commit-gate.ts';
import { CommitLog } from './commit-log.ts';
import { ConflictGraph } from './conflict-graph.ts';
import { IdReservations } from './id-reservations.ts';
import { IdentityCounters } from './identity.ts';
import { LockTable } from './locks.ts';
import type { LockOwner } from './locks.ts';
import { RECOVERY_BATCH } from './log-reader.ts';
import { wayBack, type KeptState } from './kept-state.ts';
import { LastChanges, type LastChange } from './last-changes.ts';
import { commitOf, type LogRecord } from './log-record.ts';
import { MemoryLog } from './memory-log.ts';
import { TransactionRecords, type CommitWork } from './records.ts';
import { Root, withNotes } from './root.ts';
import { LeaderTransaction } from './transaction.ts';
import type { RecoveredCommit, TransactionManagerOptions } from './surroundings.ts';
import type { TransactionHost } from './transaction.ts';
import type { TransactionLog } from './transaction-log.ts';
import type { CatalogChange } from '../catalog/changes.ts';
import type { LockGain, LockKey, LockMode } from '../catalog/scope.ts';
import type { LockInfo, Transaction, TransactionManager, TransactionOptions, XidHorizon } from './types.ts';
import { uninterrupted } from './waits.ts';

const NO_WAREHOUSE = '0'.repeat(16);

export type { RecoveredCommit, SlicePort, TransactionManagerOptions } from './surroundings.ts';

export class LeaderTransactionManager implements TransactionManager, TransactionHost {
  private readonly options: TransactionManagerOptions;
  private state: CatalogState = EMPTY_CATALOG;
  private readonly log: TransactionLog;
  /** Undefined: in memory only. */
  private readonly durable: { readonly log: CommitLog; readonly root: Root } | undefined;
  private readonly warehouse: string;
  private readonly records: TransactionRecords;
  private readonly locking = new LockTable();
  /** For running transactions only: nothing of them is kept over a restart. */
  readonly conflicts = new ConflictGraph();
  private readonly open = new Set<LeaderTransaction>();
  private readonly identities = new IdentityCounters();
  private readonly lastChanges = new LastChanges();
  private readonly ids: IdReservations;
  private checkpointSequence = 0;
  private previousCheckpointLsn = 0;
  private bytesAtCheckpoint = 0;
  private visibleLsn = 0;
  /** Resolves when every commit logged so far is visible. */
  private visibility: Promise<void> = Promise.resolve();
  /** Catalog changes logged or about to be, not yet visible. */
  private readonly pending = new Set<readonly CatalogChange[]>();
  private readonly gate = new CommitGate();
  private checkpointing: Promise<void> | undefined;
  private readonly automaticCheckpoint: AutomaticCheckpoint;

  constructor(options: TransactionManagerOptions) {
    this.options = options;
    this.warehouse = options.warehouse ?? NO_WAREHOUSE;
    this.records = new TransactionRecords(options.history, options.clock);
    if (!options.memory) {
      const { disk, directory } = options;
      const root = new Root(disk, '.', this.warehouse);
      const log = new CommitLog(disk, pathIn(directory, 'log'), root, this.warehouse, () => options.outage?.());
      this.durable = { log, root };
    }
    this.log = this.durable?.log ?? new MemoryLog(options.seed?.lsn);
    this.automaticCheckpoint = new AutomaticCheckpoint(options, () => this.checkpoint());
    this.ids = new IdReservations({
      log: this.log,
      identities: this.identities,
      mayAppend: () => !this.gate.isClosed,
      visibleAfter: (lsn) => this.visibleAfter(lsn),
      enter: () => this.gate.enter(),
    });
  }

  get committed(): CatalogState {
    return this.state;
  }

  // ---- start ----

  /** Reads checkpoint and log, hands the tail to the slices and makes the cluster writable. */
  async start(): Promise<void> {
    if (this.durable === undefined) {
      this.begins();
      this.ids.reserveNow();
      return this.sweepTemporarySchemas();
    }
    const { disk, directory } = this.options;
    if (directory !== '.' && !disk.exists(directory)) {
      disk.makeDirectory(directory);
      disk.syncDirectory('.');
    }
    const { root } = this.durable;
    const rooted = root.found?.checkpoint;
    const found = readCheckpoints(disk, directory, this.warehouse, rooted);
    if (rooted === undefined) this.refuseWithoutRoot(found.newest);
    else if (found.newest === undefined) {
      throw checkpointCorrupt(found.damaged.join('; ') || 'catalog-a and catalog-b are missing');
    }
    if (rooted === undefined || found.newest === undefined) {
      this.begins();
      this.writeCatalogCheckpoint(this.visibleLsn);
    } else {
      const c = found.newest;
      this.state = c.catalog;
      this.checkpointSequence = c.sequence + 1;
      this.previousCheckpointLsn = found.oldestLsn;
      this.visibleLsn = c.lsn;
      this.ids.restore(c.nextXid, c.nextOid);
      this.identities.restore(c.identities);
      this.lastChanges.replace(c.lastChanges);
    }
    const base = this.visibleLsn;
    await this.recover(base, [...root.notes, ...found.damaged, ...(this.options.notes ?? [])]);
    this.state = withBuiltins(this.state);
    root.settle({ checkpoint: this.checkpointSequence - 1, checkpointLsn: base });
    this.bytesAtCheckpoint = this.log.bytes;
    this.ids.reserveNow();
    await this.sweepTemporarySchemas();
  }

  /** A new cluster's state. */
  private begins(): void {
    const { seed, bootstrap = DEFAULT_BOOTSTRAP } = this.options;
    this.state = seed === undefined ? bootstrapCatalog(bootstrap) : withBuiltins(seed.catalog);
    if (seed === undefined) return;
    this.ids.restore(seed.nextXid, seed.nextOid);
    this.identities.restore(seed.identities);
    this.lastChanges.replace(seed.lastChanges);
    this.visibleLsn = seed.lsn;
  }

  /** Without a root nothing may be there but what a crash left while the warehouse was made. */
  private refuseWithoutRoot(checkpoint: Checkpoint | undefined): void {
    const { made, seed, sliceLsns = [] } = this.options;
    if (seed !== undefined) return;
    const used = (checkpoint?.sequence ?? 0) > 0 || this.durable!.log.hasRecords || sliceLsns.some((lsn) => lsn > 0);
    if (made !== true && !used) return;
    throw rootDamaged(this.durable!.root.notes.join('; ') || 'root-a and root-b are missing');
  }

  private async recover(afterLsn: number, damaged: readonly string[]): Promise<void> {
    const lsns = this.options.sliceLsns ?? [];
    const { root, log } = this.durable!;
    const needed = root.found?.checkpointLsn ?? 0;
    const behind = lsns.flatMap((lsn, slice) =>
      lsn < needed ? [`slices/${slice}: no superblock holds record ${needed}, the newest ends with ${lsn}`] : [],
    );
    const notes = [...damaged, ...behind];
    const commits = withNotes(notes, () => this.replay(Math.min(afterLsn, ...lsns), afterLsn));
    const ahead = lsns.findIndex((lsn) => lsn > log.lastLsn);
    if (ahead >= 0) throw superblockAhead(String(ahead), String(lsns[ahead]), String(log.lastLsn));
    for (let i = 0; i < commits.length; i += RECOVERY_BATCH) {
      await this.options.slicePort.recover(commits.slice(i, i + RECOVERY_BATCH));
    }
    for (const note of [...notes, ...log.notes]) this.options.warn?.(note);
  }

  private replay(from: number, afterLsn: number): readonly RecoveredCommit[] {
    const commits: RecoveredCommit[] = [];
    this.durable!.log.open(from, (lsn, record) => {
      if (lsn <= afterLsn) {
        if (record.kind === 'commit') commits.push(commitOf(lsn, record));
        return;
      }
      this.ids.restore(record.xidLimit, record.oidLimit);
      this.identities.restore(record.identities);
      this.visibleLsn = lsn;
      if (record.kind !== 'commit') return;
      this.applyToState(record, lsn);
      commits.push(commitOf(lsn, record));
    });
    return commits;
  }

  private async sweepTemporarySchemas(): Promise<void> {
    for (const database of databaseOids(this.state)) {
      const { changes, drops } = leftoverTemporarySchemas(this.state, database);
      if (changes.length === 0) continue;
      const sweep = this.begin(database, 0, { readOnly: false, signal: uninterrupted });
      for (const change of changes) sweep.changeCatalog(change);
      for (const tableId of drops) sweep.dropStorage(tableId);
      await sweep.commit();
    }
  }

  // ---- ids ----

  /** A record that changes nothing anyone can see still moves the visible LSN when nothing is under way. */
  private visibleAfter(lsn: number): void {
    if (this.gate.isEmpty) this.visibleLsn = Math.max(this.visibleLsn, lsn);
  }
  takeXid(): Xid {
    return this.ids.assignXid();
  }
  nextOid(): number {
    return this.ids.nextOid();
  }
  nextIdentity(tableId: TableId, attnum: number, seed: bigint, step: bigint, count: number): bigint {
    return this.identities.next(tableId, attnum, seed, step, count);
  }
  inheritIdentity(from: TableId, to: TableId): void {
    this.identities.inherit(from, to);
  }

  // ---- transactions ----

  begin(database: number, sessionPid: number, options: TransactionOptions): LeaderTransaction {
    const usual = classIn(this.state, 'database').objects.get(database)?.isolation ?? 'snapshot';
    const now = this.options.clock.nowMicros();
    const isolation = options.isolation ?? usual;
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
    for (const t of this.open) if (t !== own && t.xid !== 0 && !t.isMove) active.push(t.xid);
    return { xmax: this.ids.nextXid, active: active.sort((a, b) => a - b), lsn: this.visibleLsn };
  }

  acquire(owner: LockOwner, key: LockKey, mode: LockMode, signal: AbortSignal): Promise<LockGain> {
    return this.locking.acquire(owner, key, mode, signal);
  }
  release(owner: LockOwner, key: LockKey): void {
    this.locking.release(owner, key);
  }
  holds(owner: LockOwner, key: LockKey, mode: LockMode): boolean {
    return this.locking.holds(owner, key, mode);
  }
  modesBeside(owner: LockOwner | undefined, key: LockKey): readonly LockMode[] {
    return this.locking.modesBeside(owner, key);
  }
  isExclusive(key: LockKey): boolean {
    return this.locking.isExclusive(key);
  }
  lastRewrite(tableId: TableId): LastChange | undefined {
    return this.lastChanges.rewriteOf(tableId);
  }
  lastChange(tableId: TableId): LastChange | undefined {
    return this.lastChanges.of(tableId);
  }
  lastChangeLsn(tableId: TableId): number {
    return this.lastChanges.of(tableId)?.lsn ?? 0;
  }

  hasSnapshotBeside(own: Transaction): boolean {
    for (const t of this.open) if (t !== own && t.snapshotLsn !== undefined) return true;
    return false;
  }

  oldestXmin(): Xid {
    let oldest = this.ids.nextXid;
    for (const t of this.open) {
      if (t.xid !== 0) oldest = Math.min(oldest, t.xid);
      if (t.xmin !== undefined) oldest = Math.min(oldest, t.xmin);
    }
    return oldest;
  }
  xidHorizon(): XidHorizon {
    return { oldestXmin: this.oldestXmin(), nextXid: this.ids.nextXid };
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
    while (this.gate.isClosed) await this.orUndo(transaction, () => this.gate.opened(transaction.signal));
    const leave = this.gate.enter();
    const startMicros = this.options.clock.nowMicros();
    try {
      const lsn = await this.logCommit(transaction, catalog, slices, drops);
      const record = { database: transaction.database, xid: transaction.xid, catalog, slices, drops };
      const work = { startMicros, slices };
      const before = this.visibility;
      const applied = Promise.resolve().then(() =>
        this.options.slicePort.applyCommit(transaction.xid, lsn, slices, drops),
      );
      const visible = Promise.allSettled([applied, before]).then(() => {
        const state = this.state;
        this.applyToState(record, lsn);
        this.records.changed(transaction, state, this.state, catalog);
        this.lastChanges.rewrote(transaction.rewritten, { lsn, xid: transaction.xid });
        this.pending.delete(catalog);
        this.visibleLsn = Math.max(this.visibleLsn, lsn);
        this.finish(transaction, 'committed', work);
      });
      this.visibility = visible;
      await visible;
      // Only in an outage: a node that failed here came back with the commit, out of the log.
      await applied.catch((error: unknown) => {
        const outage = this.options.outage?.();
        throw outage === undefined ? error : committedBeforeOutage(outage, this.durable === undefined);
      });
    } finally {
      leave();
    }
    this.automaticCheckpoint.whenLarge(this.log.bytes - this.bytesAtCheckpoint);
  }

  /** A commit that may not go on is rolled back before its error goes on. */
  private async orUndo(transaction: LeaderTransaction, step: () => void | Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      await this.rollback(transaction);
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
    // What was written on a node that went out of service since is gone, whether the leader has heard of it or not.
    const refusal = (): SqlError | undefined => transaction.lost ?? this.options.outageOf?.(slices);
    try {
      this.refuseOutage();
      const refused = refusal();
      if (refused !== undefined) throw refused;
      this.refuseConflicts(transaction, catalog);
      this.pending.add(catalog);
      const { xid, database } = transaction;
      const { xidLimit, oidLimit } = this.ids;
      const record = {
        kind: 'commit',
        xid,
        database,
        catalog,
        slices,
        drops,
        identities,
        xidLimit,
        oidLimit,
      } as const;
      return await this.log.append(record, refusal);
    } catch (error) {
      this.identities.markMoved(identities);
      this.pending.delete(catalog);
      await this.rollback(transaction);
      throw error;
    }
  }

  private refuseOutage(): void {
    const outage = this.options.outage?.();
    if (outage !== undefined) throw outage;
  }
  /** The cluster has an outage: nobody gets a lock any more. */
  stopWaiting(error: SqlError): void {
    this.locking.refuseWaiters(error);
  }

  /** Two transactions may have made objects of one name; the second to commit fails. */
  private refuseConflicts({ origins }: LeaderTransaction, catalog: readonly CatalogChange[]): void {
    if (catalog.every((c) => c.kind === 'put-statistics')) return;
    let state = this.state;
    for (const changes of this.pending) state = applyChanges(state, changes);
    origins.checkBefore(state);
    origins.checkAfter(applyChanges(state, catalog, true));
  }

  private applyToState(
    record: Pick<LogRecord, 'database' | 'xid' | 'catalog' | 'slices' | 'drops' | 'restored'>,
    lsn: number,
  ): void {
    this.state = applyCommit(this.state, record.database, record.catalog, record.slices);
    this.lastChanges.note(record, lsn);
    for (const change of record.catalog) {
      if (change.kind !== 'drop-object' || change.class !== 'relation') continue;
      this.lastChanges.forget(change.oid);
      this.identities.forget(change.oid);
    }
    if (record.restored === undefined) return;
    this.lastChanges.replace(record.restored.lastChanges);
    this.identities.replace(record.restored.identities);
  }

  async rollback(transaction: LeaderTransaction): Promise<void> {
    try {
      if (transaction.mayHaveWritten) await this.options.slicePort.rollback(transaction.xid);
    } catch (error) {
      // In an outage there is nobody left to forget anything.
      if (this.options.outage?.() === undefined) throw error;
    } finally {
      this.finish(transaction, 'rolled back');
    }
  }

  private finish(transaction: LeaderTransaction, state: 'committed' | 'rolled back', work?: CommitWork): void {
    this.records.ended(transaction, state, work);
    transaction.ended(state);
    this.open.delete(transaction);
    // Together with `open`, so that the graph's order of commits is the one that snapshots see.
    if (transaction.conflicts !== undefined) {
      if (state === 'committed') this.conflicts.committed(transaction.conflicts);
      else this.conflicts.rolledBack(transaction.conflicts);
    }
    this.locking.releaseAll(transaction);
  }

  // ---- a compute node that is started anew ----

  /** What open transactions wrote on these slices and did not commit is gone. */
  loseWork(isOn: (slice: SliceId) => boolean, error: SqlError): void {
    for (const t of this.open) if (t.hasWorkOn(isOn)) t.lose(error);
  }
  /**
   * Hands on what was committed behind the superblocks of slices that start anew, from the oldest: to the LSN that is
   * returned, behind which none of their work of before can be committed any more. Older snapshots than the newest
   * superblock would miss rows there.
   */
  async replayTo(
    sliceLsns: readonly number[],
    lostSnapshot: SqlError,
    send: (commits: readonly RecoveredCommit[]) => Promise<void>,
  ): Promise<number> {
    const through = await this.log.safeLsn();
    const newest = Math.max(...sliceLsns);
    for (const t of this.open) if (t.snapshotLsn !== undefined && t.snapshotLsn < newest) t.lose(lostSnapshot);
    for await (const commits of this.log.commits(Math.min(...sliceLsns), through)) await send(commits);
    return through;
  }

  // ---- checkpoint ----

  checkpoint(): Promise<void> {
    this.checkpointing ??= this.whileQuiet((lsn) => this.checkpointAt(lsn)).finally(() => {
      this.checkpointing = undefined;
    });
    return this.checkpointing;
  }

  /** Runs `work` while no commit is under way, with the LSN of the newest. */
  private whileQuiet<T>(work: (lsn: number) => Promise<T>): Promise<T> {
    return this.gate.whileClosed(async () => {
      await this.log.settled();
      this.visibleLsn = this.log.lastLsn;
      return work(this.visibleLsn);
    });
  }

  private async checkpointAt(lsn: number): Promise<void> {
    const { log, durable } = this;
    await this.options.slicePort.checkpoint(lsn);
    this.refuseOutage();
    const removed = durable === undefined ? lsn : this.previousCheckpointLsn;
    if (durable !== undefined) {
      this.writeCatalogCheckpoint(lsn);
      durable.log.rotate();
      durable.root.settle({ checkpoint: this.checkpointSequence - 1, checkpointLsn: lsn });
    }
    // The copies before these start from there.
    log.removeThrough(removed);
    this.options.checkpointed?.(removed);
    this.previousCheckpointLsn = lsn;
    this.bytesAtCheckpoint = log.bytes;
  }

  // ---- states that are kept ----

  /** Keeps what is committed now, beside whatever runs. */
  keep(): Promise<KeptState> {
    const image = this.takeXid();
    return this.whileQuiet(async (lsn) => {
      const files = await this.options.slicePort.keepImage!(image, lsn);
      return { ...this.stateAt(lsn), image, files };
    });
  }
  /** A state without rows needs no image. */
  stateAt(lsn = this.visibleLsn): KeptState {
    const { xidLimit: nextXid, oidLimit: nextOid } = this.ids;
    const counters = { nextXid, nextOid, identities: this.identities.all(), lastChanges: this.lastChanges.all() };
    return { ...counters, lsn, catalog: this.state, image: 0, files: [] };
  }
  /** Back to it, for everybody: transactions that are open are lost with `error`. Gives the LSN of the commit that does it. */
  restore({ image, catalog: kept, identities, lastChanges }: KeptState, error: SqlError): Promise<number> {
    return this.whileQuiet(async () => {
      for (const t of this.open) t.lose(error);
      this.refuseOutage();
      const { catalog, drops } = wayBack(this.state, kept);
      const xid = this.ids.assignXid();
      const { xidLimit, oidLimit } = this.ids;
      const restored = { image, identities, lastChanges };
      const work = { kind: 'commit', xid, database: 0, catalog, slices: [], drops, restored } as const;
      const lsn = await this.log.append({ ...work, identities: [], xidLimit, oidLimit });
      try {
        await this.options.slicePort.applyCommit(xid, lsn, [], drops, image);
      } finally {
        this.applyToState(work, lsn);
        this.visibleLsn = lsn;
      }
      return lsn;
    });
  }

  private writeCatalogCheckpoint(lsn: number): void {
    writeCheckpoint(this.options.disk, this.options.directory, this.warehouse, {
      sequence: this.checkpointSequence++,
      lsn,
      catalog: this.state,
      nextXid: this.ids.xidLimit,
      nextOid: this.ids.oidLimit,
      identities: this.identities.all(),
      lastChanges: this.lastChanges.all(),
    });
  }

  /** Open transactions must have ended. Writes a checkpoint and a clean end; in an outage, or with a node down, neither. */
  async close(): Promise<void> {
    const isOut = (): boolean => this.options.outage?.() !== undefined;
    for (const transaction of [...this.open]) await transaction.rollback();
    await this.automaticCheckpoint.running;
    await this.ids.reserving;
    const { durable } = this;
    if (durable === undefined) return;
    const shut = async (): Promise<void> => {
      await durable.log.close();
      await durable.root.close();
    };
    if (isOut()) return shut();
    try {
      await this.checkpoint();
    } catch (error) {
      if (isOut() || error instanceof NodeDown) return shut();
      throw error;
    }
    assert(this.gate.isEmpty, 'closed during a commit');
    durable.log.appendNow(this.ids.closing());
    durable.root.settle({});
    await shut();
  }
}

/** Opens, recovers and starts the transaction manager of a data directory. */
export async function openTransactionManager(options: TransactionManagerOptions): Promise<LeaderTransactionManager> {
  const manager = new LeaderTransactionManager(options);
  await manager.start();
  return manager;
}
