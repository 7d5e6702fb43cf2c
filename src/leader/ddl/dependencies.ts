/**
 * What depends on what among relations. A bound view or materialized view lists the relations it reads; foreign keys name
 * tables. `resolveView` binds the query of a new one and names the locks on them.
 */
import type { TableId } from '../../common/ids.ts';
import type { Expr, Query } from '../parser/ast.ts';
import type { BoundView, DdlContext } from './context.ts';
import type { LockKey, LockMode } from '../catalog/scope.ts';
import { lockKeyOf, type Resolution } from '../catalog/lock-by-name.ts';
import { frozenRoutines, frozenTables } from '../catalog/view-query.ts';
import type {
  CatalogSnapshot,
  Dependency,
  MaterializedViewObject,
  ObjectReference,
  RelationObject,
  TableObject,
  ViewObject,
} from '../catalog/objects.ts';

/** Oids of the user relations a stored query reads, each once. System views are not in the catalog and are left out. */
export const referencedRelations = (query: Query): readonly TableId[] => [
  ...new Set(frozenTables(query).map((t) => t.oid)),
];

/**
 * A view's query and the locks on what it reads: whoever renames or drops one of these relations meanwhile has committed
 * before the names are looked up for good, or waits until the view is there.
 */
export function resolveView(context: DdlContext, query: Query): Resolution<BoundView> {
  const { services, session, transaction } = context;
  const value = services.bindView(session, transaction, query);
  const routines = routineReferences(value.frozen).map((r) => lockKeyOf(transaction.database, r));
  const locks = new Map<LockKey, LockMode>(routines.map((key) => [key, 'AccessShareLock']));
  const oids = [...services.tablesRead(value.select), ...referencedRelations(value.frozen)];
  for (const oid of oids) locks.set(oid, 'AccessShareLock');
  return { value, locks };
}

/** The functions of users that a stored query or expression calls, each once. */
export const routineReferences = (query: Query | Expr): readonly ObjectReference[] =>
  [...new Set(frozenRoutines(query).map((r) => r.oid))].map((oid) => ({ class: 'routine', oid }));

/** What a view reads and calls, as references of the view. */
export const referencesOf = (query: Query): readonly ObjectReference[] => [
  ...referencedRelations(query).map((oid): ObjectReference => ({ class: 'relation', oid })),
  ...routineReferences(query),
];

function dependentRelations(
  catalog: CatalogSnapshot,
  oid: TableId,
  behaviour: Dependency['behaviour'],
): readonly RelationObject[] {
  return catalog
    .dependents({ class: 'relation', oid })
    .filter((d) => d.class === 'relation' && d.behaviour === behaviour)
    .map((d) => catalog.relationByOid(d.oid)!);
}

/** Views and materialized views that read the relation directly. */
export const dependentViews = (
  catalog: CatalogSnapshot,
  oid: TableId,
): readonly (ViewObject | MaterializedViewObject)[] =>
  dependentRelations(catalog, oid, 'normal').filter((r) => r.kind !== 'table');

/** Tables with a foreign key to the table. */
export const referencingTables = (catalog: CatalogSnapshot, oid: TableId): readonly TableObject[] =>
  dependentRelations(catalog, oid, 'part').filter((r) => r.kind === 'table');
