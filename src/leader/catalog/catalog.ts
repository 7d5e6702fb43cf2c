/**
 * The versioned catalog. The committed state is a value of immutable maps; applying changes makes a new value
 * that shares every map it did not touch. A transaction keeps its own list of changes and reads a view of
 * (newest committed state + own changes): catalog reads are read-committed, as in Redshift, and a rollback is
 * forgetting the list.
 *
 * Invariants: names are unique where their class says, oids are unique in a class, and both are checked when a commit is
 * logged; statistics of a table that is there change by 'put-statistics' only, so that ANALYZE and a concurrent DDL undo
 * nothing of each other. Callers: transaction-manager.ts (apply,
 * view), recovery (checkpoint.ts), and through CatalogSnapshot everyone else.
 */
import { assert } from '../../common/assert.ts';
import type { SliceChange } from '../../slices/storage.ts';
import { CLUSTER, type CatalogChange } from './changes.ts';
import { CLASS_NAMES, classOf, dependenciesOf, keptName, OBJECT_CLASSES } from './classes/index.ts';
import type { CatalogObject, ClassName, Dependency, ObjectReference, TableStatistics } from './objects.ts';
import { NO_SCHEMA, NONE, type CatalogState, type ClassObjects, type ObjectSpace } from './state.ts';

const schemaOf = (object: CatalogObject): number => object.schemaOid ?? NO_SCHEMA;
const nameKey = (object: CatalogObject): string => `${schemaOf(object)} ${keptName(object)}`;

/** An object keeps the statistics that it has: they may be newer than what is put was made from. */
function withStatistics(object: CatalogObject, old: CatalogObject | undefined): CatalogObject {
  if (object.kind !== 'table' || old?.kind !== 'table' || object.statistics === old.statistics) return object;
  return { ...object, statistics: old.statistics };
}

/** One class of a space being changed: a map is copied when it is first touched. */
class ClassDraft {
  objects: ReadonlyMap<number, CatalogObject>;
  names: ReadonlyMap<number, ReadonlyMap<string, number>>;
  dependents: ReadonlyMap<number, readonly Dependency[]>;
  private ownObjects: Map<number, CatalogObject> | undefined;
  private ownNames: Map<number, ReadonlyMap<string, number>> | undefined;
  private readonly ownSchemas = new Map<number, Map<string, number>>();
  private ownDependents: Map<number, readonly Dependency[]> | undefined;
  /** Whose names objects have taken here, by schema and name: an overlay may hold a name that was committed meanwhile. */
  private readonly covered = new Map<string, number>();

  constructor(base: ClassObjects = NONE) {
    this.objects = base.objects;
    this.names = base.names;
    this.dependents = base.dependents;
  }

  set(object: CatalogObject): void {
    this.objects = this.ownObjects ??= new Map(this.objects);
    this.ownObjects.set(object.oid, object);
  }
  delete(oid: number): void {
    this.objects = this.ownObjects ??= new Map(this.objects);
    this.ownObjects.delete(oid);
  }
  holder(object: CatalogObject): number | undefined {
    return this.names.get(schemaOf(object))?.get(keptName(object));
  }
  setName(object: CatalogObject): void {
    const holder = this.holder(object);
    if (holder === object.oid) return;
    if (holder !== undefined) this.covered.set(nameKey(object), holder);
    this.namesOf(schemaOf(object)).set(keptName(object), object.oid);
  }
  forgetName(object: CatalogObject): void {
    if (this.holder(object) !== object.oid) return;
    const covered = this.objects.get(this.covered.get(nameKey(object)) ?? object.oid);
    const isBack = covered !== undefined && covered.oid !== object.oid && nameKey(covered) === nameKey(object);
    if (isBack) this.namesOf(schemaOf(object)).set(keptName(object), covered.oid);
    else this.namesOf(schemaOf(object)).delete(keptName(object));
  }
  /** Names of a schema, to be changed. */
  private namesOf(schemaOid: number): Map<string, number> {
    let own = this.ownSchemas.get(schemaOid);
    if (own === undefined) {
      own = new Map(this.names.get(schemaOid));
      this.ownSchemas.set(schemaOid, own);
      this.names = this.ownNames ??= new Map(this.names);
      this.ownNames.set(schemaOid, own);
    }
    return own;
  }
  changeDependents(oid: number, change: (now: readonly Dependency[]) => readonly Dependency[]): void {
    this.dependents = this.ownDependents ??= new Map(this.dependents);
    const now = change(this.dependents.get(oid) ?? []);
    if (now.length === 0) this.ownDependents.delete(oid);
    else this.ownDependents.set(oid, now);
  }
  get touched(): boolean {
    return (this.ownObjects ?? this.ownNames ?? this.ownDependents) !== undefined;
  }
  finish(): ClassObjects {
    return { objects: this.objects, names: this.names, dependents: this.dependents };
  }
}

const same = (a: Dependency, b: Dependency): boolean =>
  a.oid === b.oid && a.class === b.class && a.behaviour === b.behaviour;

/** A state being changed. */
class CatalogDraft {
  private readonly spaces: Map<number, ObjectSpace>;
  private readonly drafts = new Map<number, Map<ClassName, ClassDraft>>();
  /** Refuse a name another object has; off for the overlays that only read. */
  private readonly strict: boolean;

  constructor(base: CatalogState, strict: boolean) {
    this.spaces = new Map(base.spaces);
    this.strict = strict;
  }

  private of(space: number, name: ClassName): ClassDraft {
    const base = this.spaces.get(space);
    assert(base !== undefined, `catalog change for unknown database ${space}`);
    let drafts = this.drafts.get(space);
    if (drafts === undefined) this.drafts.set(space, (drafts = new Map()));
    let draft = drafts.get(name);
    if (draft === undefined) drafts.set(name, (draft = new ClassDraft(base[name])));
    return draft;
  }

  apply(change: CatalogChange): void {
    switch (change.kind) {
      case 'put-object':
        return this.put(change.database, change.object);
      case 'drop-object':
        return this.drop(change.database, change.class, change.oid);
      case 'put-statistics':
        return this.putStatistics(change.database, change.oid, () => change.statistics);
    }
  }

  private put(space: number, object: CatalogObject): void {
    const of = classOf(object);
    const draft = this.of(space, of);
    const holder = draft.holder(object);
    if (this.strict && holder !== undefined && holder !== object.oid) throw OBJECT_CLASSES[of].duplicate(object.name);
    const old = draft.objects.get(object.oid);
    if (old !== undefined && nameKey(old) !== nameKey(object)) draft.forgetName(old);
    draft.set(withStatistics(object, old));
    draft.setName(object);
    this.relink(space, { class: of, oid: object.oid }, old, object);
    if (of === 'database' && !this.spaces.has(object.oid)) this.spaces.set(object.oid, {});
  }

  private drop(space: number, of: ClassName, oid: number): void {
    const draft = this.of(space, of);
    const old = draft.objects.get(oid);
    if (old === undefined) return;
    draft.forgetName(old);
    draft.delete(oid);
    this.relink(space, { class: of, oid }, old, undefined);
    if (of !== 'database') return;
    this.spaces.delete(oid);
    this.drafts.delete(oid);
  }

  /** What the object depends on learns, in the object's own space, that it does or does so no more. */
  private relink(
    space: number,
    { class: of, oid }: ObjectReference,
    old: CatalogObject | undefined,
    now: CatalogObject | undefined,
  ): void {
    const before = old === undefined ? [] : dependenciesOf(old);
    const after = now === undefined ? [] : dependenciesOf(now);
    const dependent = ({ behaviour }: Dependency): Dependency => ({ class: of, oid, behaviour });
    for (const gone of before) {
      if (after.some((d) => same(d, gone))) continue;
      this.of(space, gone.class).changeDependents(gone.oid, (list) => list.filter((d) => !same(d, dependent(gone))));
    }
    for (const added of after) {
      if (before.some((d) => same(d, added))) continue;
      this.of(space, added.class).changeDependents(added.oid, (list) => [...list, dependent(added)]);
    }
  }

  private putStatistics(
    database: number,
    oid: number,
    change: (now: TableStatistics | undefined) => TableStatistics | undefined,
  ): void {
    const draft = this.of(database, 'relation');
    const table = draft.objects.get(oid);
    if (table?.kind !== 'table') return;
    const statistics = change(table.statistics);
    if (statistics !== table.statistics) draft.set({ ...table, statistics });
  }

  /** Adds to the tables' count of changed rows since ANALYZE, from what a commit did. */
  countModified(database: number, changes: readonly SliceChange[]): void {
    const byTable = new Map<number, number>();
    for (const c of changes) byTable.set(c.tableId, (byTable.get(c.tableId) ?? 0) + c.rowsAdded + c.rowsDeleted);
    for (const [oid, rows] of byTable) {
      if (rows === 0 || !this.spaces.has(database)) continue;
      this.putStatistics(database, oid, (now) => now && { ...now, modifiedRows: now.modifiedRows + rows });
    }
  }

  finish(): CatalogState {
    for (const [space, drafts] of this.drafts) {
      const changed = [...drafts].filter(([, draft]) => draft.touched).map(([name, draft]) => [name, draft.finish()]);
      if (changed.length === 0) continue;
      this.spaces.set(space, { ...this.spaces.get(space), ...Object.fromEntries(changed) });
    }
    return { spaces: this.spaces };
  }
}

/** The state after the changes. With `strict`, a name taken by another object is a SqlError. */
export function applyChanges(state: CatalogState, changes: readonly CatalogChange[], strict = false): CatalogState {
  if (changes.length === 0) return state;
  const draft = new CatalogDraft(state, strict);
  for (const change of changes) draft.apply(change);
  return draft.finish();
}

/**
 * What one commit does to the catalog: its changes, then the counts of changed rows. The same at run time and
 * recovery.
 */
export function applyCommit(
  state: CatalogState,
  database: number,
  changes: readonly CatalogChange[],
  slices: readonly SliceChange[],
): CatalogState {
  const draft = new CatalogDraft(state, false);
  // The counts first: statistics that this very commit stores already include its rows.
  if (slices.length > 0) draft.countModified(database, slices);
  for (const change of changes) draft.apply(change);
  return draft.finish();
}

/** Changes that build `state` from nothing: the form of a checkpoint. */
export function stateAsChanges(state: CatalogState): readonly CatalogChange[] {
  // What the cluster has comes first, as it makes the databases.
  const spaces = [...state.spaces].sort(([a], [b]) => Number(b === CLUSTER) - Number(a === CLUSTER));
  return spaces.flatMap(([database, space]) =>
    CLASS_NAMES.flatMap((name) => {
      const objects: Iterable<CatalogObject> = space[name]?.objects.values() ?? [];
      return [...objects].map((object): CatalogChange => ({ kind: 'put-object', database, object }));
    }),
  );
}
