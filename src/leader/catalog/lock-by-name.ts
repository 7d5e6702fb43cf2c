/**
 * Locks on what names mean, of every class. Between a look at the catalog and the lock it asks for, a statement may wait, and meanwhile a
 * name can come to mean another object (a swap by renames, drop and create) or none. So there is one loop for every
 * statement: resolve, lock in the order of oids, and when a lock was new, or stronger than before, and the catalog has moved, resolve again. It ends
 * when every lock the newest resolution needs was held before that resolution was made: from then on nobody else can
 * change what is locked, and plan, privileges and storage speak of the same objects. Locks on objects that are no
 * longer meant are given back. A name that is gone gives what it gives any statement (42P01 for a relation).
 */
import type { TableId } from '../../common/ids.ts';
import { namesKeepChanging } from '../../common/errors/catalogue.ts';
import { NAME_RESOLUTIONS_MAX } from '../../common/limits.ts';
import type { QualifiedName } from '../parser/ast.ts';
import { spaceOf } from './changes.ts';
import { OBJECT_CLASSES, referenceTo } from './classes/index.ts';
import { findRelation, requireNamed, requireObject } from './names.ts';
import { requireSuperuser } from './privileges.ts';
import type {
  CatalogObject,
  ClassName,
  ObjectReference,
  ObjectTypes,
  RelationObject,
  UserObject,
} from './objects.ts';
import type { CatalogSession, CatalogTransaction, LockKey, LockMode } from './scope.ts';

export interface Resolution<T> {
  readonly value: T;
  readonly locks: ReadonlyMap<LockKey, LockMode>;
}

/** Relations by number, then the others by their words. */
function inOrder(a: LockKey, b: LockKey): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === typeof b) return a < b ? -1 : 1;
  return typeof a === 'number' ? -1 : 1;
}

/** What a lock on the object is asked for by. */
export const lockKeyOf = (database: number, { class: of, oid }: ObjectReference): LockKey =>
  of === 'relation'
    ? oid
    : `object ${oid} of class ${OBJECT_CLASSES[of].catalog.oid} of database ${spaceOf(of, database)}`;

/** What `resolve` gives, once its locks are held and it still gives the same. */
export async function lockResolved<T>(
  transaction: CatalogTransaction,
  resolve: () => Resolution<T> | Promise<Resolution<T>>,
): Promise<T> {
  const taken = new Set<LockKey>();
  for (let turn = 0; turn < NAME_RESOLUTIONS_MAX; turn++) {
    const catalog = transaction.catalog();
    const { value, locks } = await resolve();
    for (const key of taken) {
      if (locks.has(key)) continue;
      transaction.unlock(key);
      taken.delete(key);
    }
    let gained = false;
    for (const [key, mode] of [...locks].sort(([a], [b]) => inOrder(a, b))) {
      const gain = await transaction.lock(key, mode);
      if (gain === 'none') continue;
      if (gain === 'new') taken.add(key);
      gained = true;
    }
    if (!gained || transaction.catalog() === catalog) return value;
  }
  throw namesKeepChanging(String(NAME_RESOLUTIONS_MAX));
}

/** Locks on objects of the database, or of the cluster. */
export const locksOn = (
  { database }: Pick<CatalogTransaction, 'database'>,
  objects: readonly CatalogObject[],
  mode: LockMode,
): ReadonlyMap<LockKey, LockMode> =>
  new Map(objects.map((object) => [lockKeyOf(database, referenceTo(object)), mode]));

interface Uses<T> {
  readonly value: T;
  readonly changes?: readonly CatalogObject[];
  /** Owners, grantees, members, the schema a name goes to. */
  readonly names?: readonly CatalogObject[];
}
/** What `resolve` gives, once nobody else changes what is changed and nobody drops what is named, to the end of the transaction. */
export const lockUses = <T>(transaction: CatalogTransaction, resolve: () => Uses<T>): Promise<T> =>
  lockResolved(transaction, () => {
    const { value, changes = [], names = [] } = resolve();
    const named = locksOn(transaction, names, 'AccessShareLock');
    return { value, locks: new Map([...named, ...locksOn(transaction, changes, 'ShareRowExclusiveLock')]) };
  });

/** An object whose name is in no schema, to be named by another. */
export const lockNamed = <C extends ClassName>(
  transaction: CatalogTransaction,
  of: C,
  name: string,
): Promise<ObjectTypes[C]> =>
  lockUses(transaction, () => {
    const value = requireNamed(transaction.catalog(), of, name);
    return { value, names: [value] };
  });

/** The session's user, who may have been dropped meanwhile. */
export function currentUser({ user }: CatalogSession, transaction: CatalogTransaction): UserObject {
  const known = transaction.catalog().userByOid(user.oid);
  if (known === undefined) throw OBJECT_CLASSES.user.missing(user.name);
  return known;
}
/** The owner of a new object: whom the statement names, or who runs it. Only a superuser makes one for others. */
export const lockOwner = (
  session: CatalogSession,
  transaction: CatalogTransaction,
  name: string | undefined,
  what: string,
): Promise<UserObject> =>
  lockUses(transaction, () => {
    const value =
      name === undefined ? currentUser(session, transaction) : requireNamed(transaction.catalog(), 'user', name);
    if (value.oid !== session.user.oid) requireSuperuser(session.user, `create a ${what} for another user`);
    return { value, names: [value] };
  });

/**
 * The object of a class that a name means, locked. `check` (privileges, kind) runs before the
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
    return { value: object, locks: locksOn(transaction, [object], mode) };
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
