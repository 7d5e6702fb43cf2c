/**
 * Dropping objects with what depends on them: RESTRICT refuses with 2BP01 and the list, CASCADE drops dependent objects
 * and the parts of others, such as foreign keys, that need them. Used by every DROP and by ALTER TABLE DROP COLUMN
 * CASCADE.
 */
import { dependentObjects } from '../../common/errors/catalogue.ts';
import { dropObject, putObject } from '../catalog/changes.ts';
import { classOf, described, OBJECT_CLASSES, partsOf, referenceTo, traitsOf } from '../catalog/classes/index.ts';
import { lockResolved, locksOn, type Resolution } from '../catalog/lock-by-name.ts';
import type { CatalogObject, CatalogSnapshot, Dependency, ObjectReference } from '../catalog/objects.ts';
import type { DdlContext } from './context.ts';

const keyOf = ({ class: of, oid }: ObjectReference): string => `${of} ${oid}`;
const keyOfObject = (object: CatalogObject): string => keyOf(referenceTo(object));

/** Objects by class and oid. */
class ObjectSet {
  private readonly byKey = new Map<string, CatalogObject>();
  constructor(objects: readonly CatalogObject[] = []) {
    for (const object of objects) this.add(object);
  }
  add(object: CatalogObject): void {
    this.byKey.set(keyOfObject(object), object);
  }
  has(object: CatalogObject): boolean {
    return this.byKey.has(keyOfObject(object));
  }
  names(reference: ObjectReference): boolean {
    return this.byKey.has(keyOf(reference));
  }
  get all(): readonly CatalogObject[] {
    return [...this.byKey.values()];
  }
}

interface Dependents {
  /** Objects that go too, each after those it needs. */
  readonly whole: readonly (Pick<Dependency, 'behaviour'> & { readonly object: CatalogObject })[];
  /** Objects of which a part needs them. */
  readonly partly: readonly CatalogObject[];
}

function dependentsOf(catalog: CatalogSnapshot, objects: readonly CatalogObject[]): Dependents {
  const seen = new ObjectSet(objects);
  const whole: Dependents['whole'][number][] = [];
  const partly = new ObjectSet();
  const walk = (on: CatalogObject): void => {
    for (const dependency of catalog.dependents(referenceTo(on))) {
      const object = catalog.object(dependency.class, dependency.oid);
      if (object === undefined) continue;
      if (dependency.behaviour === 'part') partly.add(object);
      else if (!seen.has(object)) {
        seen.add(object);
        whole.push({ object, behaviour: dependency.behaviour });
        walk(object);
      }
    }
  };
  for (const object of objects) walk(object);
  return { whole, partly: partly.all.filter((object) => !seen.has(object)) };
}

/** What stands in the way of dropping `object` alone, as the DETAIL names it. */
function obstacles(catalog: CatalogSnapshot, object: CatalogObject, gone: ObjectSet): readonly string[] {
  const { whole, partly } = dependentsOf(catalog, [object]);
  const { class: of, oid } = referenceTo(object);
  const objects = whole
    .filter((d) => d.behaviour === 'normal' && !gone.has(d.object))
    .map((d) => described(d.object));
  const parts = partly
    .filter((other) => !gone.has(other))
    .flatMap((other) => partsOf(other).filter(({ needs }) => needs?.class === of && needs.oid === oid))
    .map((part) => part.described);
  return [...objects, ...parts];
}

interface Plan {
  /** The objects, then what depends on them. */
  readonly all: readonly CatalogObject[];
  /** Objects that lose parts. */
  readonly partly: readonly CatalogObject[];
}

/** What must go and what must be locked for that, as the catalog is now. */
function plan(
  context: DdlContext,
  objects: readonly CatalogObject[],
  cascade: boolean,
  what: string | undefined,
): Resolution<Plan> {
  const catalog = context.transaction.catalog();
  if (!cascade) {
    const gone = new ObjectSet(objects);
    for (const object of objects) {
      const found = obstacles(catalog, object, gone);
      if (found.length > 0) throw dependentObjects(what ?? described(object), found);
    }
  }
  const { whole, partly } = dependentsOf(catalog, objects);
  const all = new ObjectSet([...objects, ...whole.map((d) => d.object)]).all;
  return { value: { all, partly }, locks: locksOn(context.transaction, [...all, ...partly], 'AccessExclusiveLock') };
}

/**
 * Drops the objects that `find` gives, together; it is asked again after a wait for locks. `what` names the object in the
 * refusal when it is not the object itself.
 */
export async function dropObjects(
  context: DdlContext,
  find: () => readonly CatalogObject[],
  cascade: boolean,
  what?: string,
): Promise<void> {
  const { transaction } = context;
  const { all, partly } = await lockResolved(transaction, () => plan(context, find(), cascade, what));
  for (const object of all) {
    dropObject(transaction, object);
    if (traitsOf(object).storage) transaction.dropStorage(object.oid);
  }
  const gone = new ObjectSet(all);
  for (const object of partly) {
    const left = OBJECT_CLASSES[classOf(object)].withoutParts?.(object, (reference) => gone.names(reference));
    if (left !== undefined) putObject(transaction, left);
  }
}
