/**
 * Transactions as the rest of the leader sees them. Implemented by transaction-manager.ts.
 *
 * An xid is assigned at the first statement that is logged. The snapshot is taken at the first statement that needs one (not at BEGIN).
 * Reads of the catalog see the transaction's own DDL. A commit is one record in the leader's commit log.
 */
import type { SqlError } from '../../common/errors/sql-error.ts';
import type { TableId, Xid } from '../../common/ids.ts';
import type { SliceChange, Snapshot } from '../../slices/storage.ts';
import type { CatalogChange } from '../catalog/changes.ts';
import type { CatalogSnapshot } from '../catalog/objects.ts';
import type { LockGain, LockKey, LockMode } from '../catalog/scope.ts';

/**
 * What a statement does to a table's rows, told to `touch` with the lock held. `read`: SELECT and whatever else looks at
 * rows. `append`: INSERT and COPY. `modify`: UPDATE and DELETE. `rewrite`: every row is read and written anew (ALTER TABLE
 * with new keys or encodings). `replace`: the rows go unread (TRUNCATE).
 */
export type RowUse = 'read' | 'append' | 'modify' | 'rewrite' | 'replace';

export type IsolationLevel = 'snapshot' | 'serializable';

export interface TransactionOptions {
  /** Whose it is, for the history; the system's own when nobody's. */
  readonly userid?: number;
  readonly readOnly: boolean;
  /**
   * Ends every wait of this transaction: cancel, statement_timeout, terminate, disconnect, shutdown. Asked anew at each
   * wait, since each statement has its own. `uninterrupted` (waits.ts) stands where nobody could cancel.
   */
  readonly signal: () => AbortSignal;
  /** In place of the database's: nothing but a move is judged by another. */
  readonly isolation?: IsolationLevel;
  /** A node went out of service with work of the transaction: it must be rolled back, and locks go at once. */
  lost?(error: SqlError): void;
  /** A lock is held by others: whatever they may need to go on is given back. */
  waits?(): void;
}

/** What the slices go by when they reclaim: `oldestXmin`, and the xid that no transaction has yet. */
export interface XidHorizon {
  readonly oldestXmin: Xid;
  readonly nextXid: Xid;
}

export interface Transaction {
  readonly database: number;
  /** 0 until the first write or identify(). */
  readonly xid: Xid;
  readonly readOnly: boolean;
  /** Number of the running statement inside the transaction, from 1; own changes of earlier statements are seen. */
  readonly statement: number;
  readonly startedAtMicros: bigint;
  /** Starts the next statement. */
  nextStatement(): void;
  /** The transaction's snapshot, taken now if this is the first use. */
  snapshot(): Snapshot;
  catalog(): CatalogSnapshot;
  /** Assigns the xid when needed; the transaction is going to write. */
  requireXid(): Xid;
  /** Assigns the xid when needed, for the history and locks to name the transaction by. */
  identify(): Xid;
  /**
   * Waits for the lock; deadlock gives 40P01. Names may mean something else after the wait: callers come by
   * `catalog/lock-by-name.ts`, which resolves them again.
   */
  lock(key: LockKey, mode: LockMode): Promise<LockGain>;
  /** Gives back a lock the running statement took and found to be on the wrong object. */
  unlock(key: LockKey): void;
  /**
   * Declares what is about to happen to a table's rows, with its lock held; takes the snapshot. Gives 1023 where the
   * database's isolation level does not allow it.
   */
  touch(tableId: TableId, use: RowUse): void;
  /** Older snapshots cannot read the table any more: its rows were removed or written anew by this transaction. */
  rewrote(tableId: TableId): void;
  /** LSN of the newest commit the snapshot sees; undefined before the snapshot is taken. */
  readonly snapshotLsn?: number;
  changeCatalog(change: CatalogChange): void;
  addSliceChanges(changes: readonly SliceChange[]): void;
  /** Storage of this table is removed when the transaction commits (DROP, TRUNCATE). */
  dropStorage(tableId: TableId): void;
  /** Writes and syncs the commit record (nothing for a read-only transaction), then makes it visible everywhere. */
  commit(): Promise<void>;
  rollback(): Promise<void>;
  readonly state: 'open' | 'committed' | 'rolled back';
  /** Set once a node took work of it along: whatever comes but a rollback is refused with this. */
  readonly lost?: SqlError | undefined;
}

export interface LockInfo {
  /** Undefined: on an object that is no relation. */
  readonly tableId: TableId | undefined;
  readonly mode: LockMode;
  readonly granted: boolean;
  readonly sessionPid: number;
  readonly xid: Xid;
}

export interface TransactionManager {
  begin(database: number, sessionPid: number, options: TransactionOptions): Transaction;
  /** LSN of the newest commit that changed the table's rows; 0 when none is known. */
  lastChangeLsn?(tableId: TableId): number;
  /** A rebuilt table goes on counting where the old one stopped. */
  inheritIdentity?(from: TableId, to: TableId): void;
  /** Next free oid (relations and others), from 100000 up; never reused after a restart. */
  nextOid(): number;
  /** The first of `count` new identity values of the column, which stay taken; of none, what the next one will be. */
  nextIdentity(tableId: TableId, attnum: number, seed: bigint, step: bigint, count: number): bigint;
  /** An xid for a logged statement that ran in no transaction. */
  takeXid(): Xid;
  /** Oldest xid any running snapshot may not see as committed: rows deleted below it are gone for everyone. */
  oldestXmin(): Xid;
  xidHorizon(): XidHorizon;
  locks(): readonly LockInfo[];
  running(): readonly { readonly xid: Xid; readonly pid: number; readonly startedAtMicros: bigint }[];
  /** Writes superblocks and the catalog checkpoint, then drops the log before it. */
  checkpoint(): Promise<void>;
  close(): Promise<void>;
}
