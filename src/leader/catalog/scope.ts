/**
 * What the catalog asks of the session and the transaction whose names it resolves, locks and changes. Sessions and
 * transactions are above it and are more than this.
 */
import type { TableId, Xid } from '../../common/ids.ts';
import type { CatalogChange } from './changes.ts';
import type { CatalogSnapshot, UserObject } from './objects.ts';

/** AccessShare: SELECT. ShareRowExclusive: INSERT, UPDATE, DELETE, COPY, VACUUM. AccessExclusive: DDL,
 * TRUNCATE. On other objects: AccessShare by whoever names it, ShareRowExclusive by whoever changes it, AccessExclusive by whoever
 * drops it. */
export type LockMode = 'AccessShareLock' | 'ShareRowExclusiveLock' | 'AccessExclusiveLock';

/** What a lock is on: a relation, by its oid, or another object in the words that tell of a deadlock. */
export type LockKey = TableId | string;
/** What asking for a lock has changed: nothing was held before, or something weaker, or it was held already. */
export type LockGain = 'new' | 'stronger' | 'none';

/** Whose names they are. */
export interface CatalogSession {
  readonly pid: number;
  readonly user: UserObject;
  readonly temporarySchema: string;
  searchPath(): readonly string[];
}
export interface CatalogTransaction {
  readonly database: number;
  catalog(): CatalogSnapshot;
  requireXid(): Xid;
  lock(key: LockKey, mode: LockMode): Promise<LockGain>;
  unlock(key: LockKey): void;
  changeCatalog(change: CatalogChange): void;
  dropStorage(tableId: TableId): void;
}
