/**
 * The state of the catalog as a value: for the cluster and for each database the objects of every class by oid, the names
 * by what they are unique in, and for each object what depends on it. Immutable; catalog.ts makes a new one of it.
 *
 * Invariant: names and dependents say nothing that the objects do not say.
 */
import { CLUSTER, spaceOf } from './changes.ts';
import type { CatalogObject, ClassName, Dependency, ObjectTypes } from './objects.ts';

/** The container of names that are unique in a database or in the cluster. */
export const NO_SCHEMA = 0;

export interface ClassObjects<O extends CatalogObject = CatalogObject> {
  readonly objects: ReadonlyMap<number, O>;
  /** Names of each schema, or of NO_SCHEMA. */
  readonly names: ReadonlyMap<number, ReadonlyMap<string, number>>;
  /** Of an object of this class: the objects of this database that depend on it. */
  readonly dependents: ReadonlyMap<number, readonly Dependency[]>;
}
/** The objects of a database, or of the cluster. */
export type ObjectSpace = { readonly [C in ClassName]?: ClassObjects<ObjectTypes[C]> };
export interface CatalogState {
  /** By database oid; CLUSTER for what belongs to all. */
  readonly spaces: ReadonlyMap<number, ObjectSpace>;
}

export const EMPTY_CATALOG: CatalogState = { spaces: new Map([[CLUSTER, {}]]) };

/** A class of which there is nothing. */
export const NONE: ClassObjects<never> = {
  objects: new Map<number, never>(),
  names: new Map(),
  dependents: new Map(),
};

/** A class in a database; databases, users and whatever else is the cluster's need none. */
export const classIn = <C extends ClassName>(
  state: CatalogState,
  of: C,
  database = CLUSTER,
): ClassObjects<ObjectTypes[C]> => state.spaces.get(spaceOf(of, database))?.[of] ?? NONE;

export function namedIn<C extends ClassName>(
  { objects, names }: ClassObjects<ObjectTypes[C]>,
  name: string,
  schemaOid = NO_SCHEMA,
): ObjectTypes[C] | undefined {
  const oid = names.get(schemaOid)?.get(name);
  return oid === undefined ? undefined : objects.get(oid);
}
/** The database, user or other object of the cluster that has the name. */
export const clusterObject = <C extends ClassName>(
  state: CatalogState,
  of: C,
  name: string,
): ObjectTypes[C] | undefined => namedIn<C>(classIn(state, of), name);

export const databaseOids = (state: CatalogState): readonly number[] => [
  ...classIn(state, 'database').objects.keys(),
];
