/**
 * Locks on what names mean. Between a look at the catalog and the lock it asks for, a statement may wait, and meanwhile a
 * name can come to mean another relation (a swap by renames, drop and create) or none. So there is one loop for every
 * statement: resolve, lock in the order of oids, and when a lock was new and the catalog has moved, resolve again. It ends
 * when every lock the newest resolution needs was held before that resolution was made: from then on nobody else can
 * change what is locked, and plan, privileges and storage speak of the same relations. Locks on relations that are no
 * longer meant are given back. A name that is gone gives what it gives any statement, 42P01.
 */
import type { TableId } from '../../common/ids.ts';
import { namesKeepChanging } from '../../common/errors/catalogue.ts';
import { NAME_RESOLUTIONS_MAX } from '../../common/limits.ts';
import type { QualifiedName } from '../parser/ast.ts';
import { findRelation, requireRelation } from './names.ts';
import type { RelationObject } from './objects.ts';
import type { CatalogSession, CatalogTransaction, LockMode } from './scope.ts';

export interface Resolution<T> {
  readonly value: T;
  readonly locks: ReadonlyMap<TableId, LockMode>;
}

/** What `resolve` gives, once its locks are held and it still gives the same. */
export async function lockResolved<T>(
  transaction: CatalogTransaction,
  resolve: () => Resolution<T> | Promise<Resolution<T>>,
): Promise<T> {
  const taken = new Set<TableId>();
  for (let turn = 0; turn < NAME_RESOLUTIONS_MAX; turn++) {
    const catalog = transaction.catalog();
    const { value, locks } = await resolve();
    for (const tableId of taken) {
      if (locks.has(tableId)) continue;
      transaction.unlock(tableId);
      taken.delete(tableId);
    }
    let isNew = false;
    for (const [tableId, mode] of [...locks].sort(([a], [b]) => a - b)) {
      if (!(await transaction.lock(tableId, mode))) continue;
      taken.add(tableId);
      isNew = true;
    }
    if (!isNew || transaction.catalog() === catalog) return value;
  }
  throw namesKeepChanging(String(NAME_RESOLUTIONS_MAX));
}

/**
 * The relation a name means, locked. `check` (privileges, kind) runs before the wait too, so that nobody waits in the way
 * of others for what he may not have.
 */
export function lockRelation(
  session: CatalogSession,
  transaction: CatalogTransaction,
  name: QualifiedName,
  mode: LockMode,
  check?: (relation: RelationObject) => void,
): Promise<RelationObject> {
  return lockResolved(transaction, () => {
    const relation = requireRelation(transaction.catalog(), session.searchPath(), name);
    check?.(relation);
    return { value: relation, locks: new Map([[relation.oid, mode]]) };
  });
}

/** A relation known by oid, locked; undefined when it was dropped meanwhile. */
export function lockByOid(
  transaction: CatalogTransaction,
  oid: TableId,
  mode: LockMode,
): Promise<RelationObject | undefined> {
  return lockResolved(transaction, () => {
    const relation = transaction.catalog().relationByOid(oid);
    return { value: relation, locks: new Map(relation === undefined ? [] : [[oid, mode]]) };
  });
}

/** Keeps what names mention (LIKE, REFERENCES) as it is to the end of the transaction. A name may mean nothing: its user tells. */
export function lockMentioned(
  session: CatalogSession,
  transaction: CatalogTransaction,
  names: readonly QualifiedName[],
): Promise<void> {
  return lockResolved(transaction, () => {
    const locks = new Map<TableId, LockMode>();
    for (const name of names) {
      const relation = findRelation(transaction.catalog(), session.searchPath(), name);
      if (relation !== undefined) locks.set(relation.oid, 'AccessShareLock');
    }
    return { value: undefined, locks };
  });
}
