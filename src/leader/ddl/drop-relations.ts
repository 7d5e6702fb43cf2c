/**
 * Dropping relations with what depends on them: RESTRICT refuses with 2BP01 and the list, CASCADE drops
 * dependent views and the foreign keys that point here. Used by every DROP and by ALTER TABLE DROP COLUMN
 * CASCADE.
 */
import type { TableId } from '../../common/ids.ts';
import { dependentObjects } from '../../common/errors/catalogue.ts';
import type { DdlContext } from './context.ts';
import { dependentClosure, described, referencingTables } from './dependencies.ts';
import { lockResolved, type Resolution } from '../catalog/lock-by-name.ts';
import type { RelationObject, TableObject } from '../catalog/objects.ts';
import type { LockMode } from '../catalog/scope.ts';

/** What stands in the way of dropping `relation` alone, as the DETAIL names it. */
function dependents(context: DdlContext, relation: RelationObject, gone: ReadonlySet<TableId>): readonly string[] {
  const catalog = context.transaction.catalog();
  const views = dependentClosure(catalog, [relation.oid])
    .filter((r) => !gone.has(r.oid))
    .map(described);
  const keys = referencingTables(catalog, relation.oid)
    .filter((t) => !gone.has(t.oid))
    .flatMap((t) =>
      t.constraints
        .filter((c) => c.references?.tableId === relation.oid)
        .map((c) => `constraint ${c.name} on ${described(t)}`),
    );
  return [...views, ...keys];
}

interface Plan {
  /** The relations, then what depends on them, each after those it needs. */
  readonly all: readonly RelationObject[];
  /** Tables whose foreign keys to them go. */
  readonly referencing: readonly TableObject[];
}

/** What must go and what must be locked for that, as the catalog is now. */
function plan(
  context: DdlContext,
  relations: readonly RelationObject[],
  cascade: boolean,
  what: string | undefined,
): Resolution<Plan> {
  const catalog = context.transaction.catalog();
  const gone = new Set<TableId>(relations.map((r) => r.oid));
  if (!cascade) {
    for (const relation of relations) {
      const found = dependents(context, relation, gone);
      if (found.length > 0) throw dependentObjects(what ?? described(relation), found);
    }
  }
  const all = [...relations, ...dependentClosure(catalog, [...gone])];
  for (const relation of all) gone.add(relation.oid);
  const referencing = all
    .filter((r) => r.kind === 'table')
    .flatMap((r) => referencingTables(catalog, r.oid))
    .filter((t) => !gone.has(t.oid));
  const locks = new Map<TableId, LockMode>();
  for (const relation of [...all, ...referencing]) {
    locks.set(relation.oid, 'AccessExclusiveLock');
    if (relation.kind === 'materialized view') locks.set(relation.storageTable, 'AccessExclusiveLock');
  }
  return { value: { all, referencing }, locks };
}

/**
 * Drops the relations that `find` gives, together; it is asked again after a wait for locks. `what` names the object in the
 * refusal when it is not the relation itself.
 */
export async function dropRelations(
  context: DdlContext,
  find: () => readonly RelationObject[],
  cascade: boolean,
  what?: string,
): Promise<void> {
  const { transaction } = context;
  const { database } = transaction;
  const { all, referencing } = await lockResolved(transaction, () => plan(context, find(), cascade, what));
  const remove = (oid: TableId, storage: boolean): void => {
    transaction.changeCatalog({ kind: 'drop-relation', database, oid });
    if (storage) transaction.dropStorage(oid);
  };
  for (const relation of all) {
    remove(relation.oid, relation.kind === 'table');
    if (relation.kind === 'materialized view') remove(relation.storageTable, true);
  }
  const gone = new Set<TableId>(all.map((r) => r.oid));
  for (const table of new Map(referencing.map((t) => [t.oid, t])).values()) {
    const constraints = table.constraints.filter(
      (c) => c.references === undefined || !gone.has(c.references.tableId),
    );
    transaction.changeCatalog({ kind: 'put-relation', database, relation: { ...table, constraints } });
  }
}
