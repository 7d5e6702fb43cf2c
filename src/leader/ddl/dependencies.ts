/**
 * What depends on what. A bound view or materialized view lists the relations it reads; foreign keys name
 * tables. `resolveView` binds the query of a new one and names the locks on them.
 */
import type { TableId } from '../../common/ids.ts';
import type { Query } from '../parser/ast.ts';
import type { BoundView, DdlContext } from './context.ts';
import type { LockMode } from '../catalog/scope.ts';
import type { Resolution } from '../catalog/lock-by-name.ts';
import { frozenTables } from '../catalog/view-query.ts';
import type {
  CatalogSnapshot,
  MaterializedViewObject,
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
  const locks = new Map<TableId, LockMode>();
  const oids = [...services.tablesRead(value.select), ...referencedRelations(value.frozen)];
  for (const oid of oids) locks.set(oid, 'AccessShareLock');
  return { value, locks };
}

/** Views and materialized views that read the relation directly. */
export function dependentViews(
  catalog: CatalogSnapshot,
  oid: TableId,
): readonly (ViewObject | MaterializedViewObject)[] {
  return catalog
    .relations()
    .filter((r): r is ViewObject | MaterializedViewObject => r.kind !== 'table' && r.dependsOn.includes(oid));
}

/** Tables with a foreign key to the table. */
export function referencingTables(catalog: CatalogSnapshot, oid: TableId): readonly TableObject[] {
  return catalog
    .relations()
    .filter(
      (r): r is TableObject =>
        r.kind === 'table' && r.oid !== oid && r.constraints.some((c) => c.references?.tableId === oid),
    );
}

/** "table t", "view v", "materialized view m". */
export const described = (relation: RelationObject): string => `${relation.kind} ${relation.name}`;

/** Relations that must go when these go, each after those it needs; not the given ones. */
export function dependentClosure(catalog: CatalogSnapshot, oids: readonly TableId[]): readonly RelationObject[] {
  const found = new Map<TableId, RelationObject>();
  const walk = (oid: TableId): void => {
    for (const view of dependentViews(catalog, oid)) {
      if (found.has(view.oid) || oids.includes(view.oid)) continue;
      found.set(view.oid, view);
      walk(view.oid);
    }
  };
  for (const oid of oids) walk(oid);
  return [...found.values()];
}
