/**
 * What the catalog asks of the session and the transaction whose names it resolves, locks and changes. Sessions and
 * transactions are above it and are more than this.
 */
import type { TableId, Xid } from '../../common/ids.ts';
import type { CatalogChange } from './changes.ts';
import type { CatalogSnapshot, UserObject } from './objects.ts';

/** AccessShare: SELECT. ShareRowExclusive: INSERT, UPDATE, DELETE, COPY, VACUUM. AccessExclusive: DDL, TRUNCATE. */
export type LockMode = 'AccessShareLock' | 'ShareRowExclusiveLock' | 'AccessExclusiveLock';

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
  /** True when the transaction held none on the table before. */
  lock(tableId: TableId, mode: LockMode): Promise<boolean>;
  unlock(tableId: TableId): void;
  changeCatalog(change: CatalogChange): void;
  dropStorage(tableId: TableId): void;
}
