/**
 * What a transaction's changes of the catalog were made from. A change puts a whole object, and the locks on objects
 * (catalog/lock-by-name.ts) see to it that nobody else has put another meanwhile. This is the net below them: a commit that
 * would undo somebody's change, bring back what was dropped, take an oid or leave a name of what is gone is refused.
 */
import { concurrentChange } from '../../common/errors/catalogue.ts';
import { CLUSTER, type CatalogChange } from '../catalog/changes.ts';
import { CLASS_NAMES, classOf, described } from '../catalog/classes/index.ts';
import { granteeReference } from '../catalog/grantees.ts';
import { aclsOf } from '../catalog/privileges.ts';
import { lockKeyOf } from '../catalog/lock-by-name.ts';
import type { CatalogObject, ClassName, ObjectReference } from '../catalog/objects.ts';
import type { LockKey } from '../catalog/scope.ts';
import { classIn, type CatalogState } from '../catalog/state.ts';

interface Origin extends ObjectReference {
  readonly database: number;
  /** Undefined: the transaction made the object. */
  readonly was: CatalogObject | undefined;
}

const objectIn = (state: CatalogState, database: number, { class: of, oid }: ObjectReference) =>
  classIn<ClassName>(state, of, database).objects.get(oid);

/** The same version; a table's statistics are none of its DDL's business. */
function isSame(a: CatalogObject | undefined, b: CatalogObject | undefined): boolean {
  if (a === b) return true;
  if (a?.kind !== 'table' || b?.kind !== 'table') return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)] as (keyof typeof a)[]);
  keys.delete('statistics');
  return [...keys].every((key) => a[key] === b[key]);
}

/** Whose names the object holds: its schema, owner, grantees and members. */
function namedBy(object: CatalogObject | undefined): readonly ObjectReference[] {
  if (object === undefined) return [];
  const named: ObjectReference[] = [];
  if (object.schemaOid !== undefined) named.push({ class: 'schema', oid: object.schemaOid });
  if (object.ownerOid !== undefined) named.push({ class: 'user', oid: object.ownerOid });
  for (const { grantee } of [...aclsOf(object).flat(), ...(object.kind === 'role' ? object.members : [])]) {
    const reference = granteeReference(grantee);
    if (reference !== undefined) named.push(reference);
  }
  if (object.kind === 'group') for (const oid of object.users) named.push({ class: 'user', oid });
  return named;
}

export class CatalogOrigins {
  private readonly origins = new Map<LockKey, Origin>();

  /** Called before the change is made. */
  note(change: CatalogChange, committed: CatalogState): void {
    if (change.kind === 'put-statistics') return;
    const { database } = change;
    const reference =
      change.kind === 'put-object' ? { class: classOf(change.object), oid: change.object.oid } : change;
    const key = lockKeyOf(database, reference);
    if (this.origins.has(key)) return;
    const { class: of, oid } = reference;
    this.origins.set(key, { class: of, oid, database, was: objectIn(committed, database, reference) });
  }

  /** Refuses to commit over anything but what the changes were made from. */
  checkBefore(state: CatalogState): void {
    for (const origin of this.origins.values()) {
      const now = objectIn(state, origin.database, origin);
      if (isSame(now, origin.was)) continue;
      const object = origin.was ?? now;
      throw concurrentChange(object === undefined ? `object ${origin.oid}` : described(object));
    }
  }

  /** Refuses to name what is not there. */
  checkAfter(state: CatalogState): void {
    for (const origin of this.origins.values()) {
      const { database, was } = origin;
      const now = objectIn(state, database, origin);
      const known = namedBy(was);
      for (const named of namedBy(now)) {
        const isNew = !known.some((k) => k.class === named.class && k.oid === named.oid);
        if (isNew && objectIn(state, database, named) === undefined) {
          throw concurrentChange(`${named.class} of ${described(now!)}`);
        }
      }
      const holds = (of: ClassName): boolean => (classIn(state, of, database).names.get(origin.oid)?.size ?? 0) > 0;
      if (was?.kind === 'schema' && now === undefined && database !== CLUSTER && CLASS_NAMES.some(holds)) {
        throw concurrentChange(described(was));
      }
    }
  }
}
