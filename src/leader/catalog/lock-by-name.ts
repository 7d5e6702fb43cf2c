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
import { entryOf } from './classes/index.ts';
import { findRelation, requireObject } from './names.ts';
import type { CatalogObject, ClassName, ObjectTypes, RelationObject } from './objects.ts';
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

/** Locks on the objects that are used or changed under one. */
export const locksOn = (objects: readonly CatalogObject[], mode: LockMode): ReadonlyMap<number, LockMode> =>
  new Map(objects.filter((object) => entryOf(object).locked).map((object) => [object.oid, mode]));

/**
 * The object of a class that a name means, locked where its class has locks. `check` (privileges, kind) runs before the
 * wait too, so that nobody waits in the way of others for what he may not have.
 */
export function lockObject<C extends ClassName>(
  session: CatalogSession,
  transaction: CatalogTransaction,
  of: C,
  name: QualifiedName,
  mode: LockMode,
  check?: (object: ObjectTypes[C]) => void,
): Promise<ObjectTypes[C]> {
  return lockResolved(transaction, () => {
    const object = requireObject(transaction.catalog(), session.searchPath(), of, name);
    check?.(object);
    return { value: object, locks: locksOn([object], mode) };
  });
}
export const lockRelation = (
  session: CatalogSession,
  transaction: CatalogTransaction,
  name: QualifiedName,
  mode: LockMode,
  check?: (relation: RelationObject) => void,
): Promise<RelationObject> => lockObject(session, transaction, 'relation', name, mode, check);

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
