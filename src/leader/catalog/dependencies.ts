/**
 * What depends on what. A bound view or materialized view lists the relations it reads; foreign keys name
 * tables. `referencedRelations` finds the list for a new view by walking its query, CTE names apart.
 */
import type { TableId } from '../../common/ids.ts';
import type { QualifiedName, Query } from '../parser/ast.ts';
import { findRelation } from './names.ts';
import type { CatalogSnapshot, MaterializedViewObject, RelationObject, TableObject, ViewObject } from './objects.ts';

type Node = Readonly<Record<string, unknown>>;

function visit(value: unknown, ctes: ReadonlySet<string>, found: (name: QualifiedName) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, ctes, found);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const node = value as Node;
  if (node['kind'] === 'table') {
    const name = node['name'] as QualifiedName;
    if (name.schema !== undefined || !ctes.has(name.name)) found(name);
    return;
  }
  let scope = ctes;
  if (Array.isArray(node['ctes']) && node['ctes'].length > 0) {
    const query = node as unknown as Query;
    const known = new Set(ctes);
    // A CTE sees those before it, and itself when the query is recursive.
    for (const cte of query.ctes) {
      if (query.recursive) known.add(cte.name);
      visit(cte.query, new Set(known), found);
      known.add(cte.name);
    }
    scope = known;
  }
  for (const [key, child] of Object.entries(node)) if (key !== 'ctes') visit(child, scope, found);
}

/**
 * Oids of the user relations a query reads, each once. System views are not in the catalog and are left out.
 */
export function referencedRelations(
  query: Query,
  catalog: CatalogSnapshot,
  searchPath: readonly string[],
): readonly TableId[] {
  const oids = new Set<TableId>();
  visit(query, new Set(), (name) => {
    const relation = findRelation(catalog, searchPath, name);
    if (relation !== undefined) oids.add(relation.oid);
  });
  return [...oids];
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
