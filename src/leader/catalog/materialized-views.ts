/**
 * Materialized views by what they read: whether their rows are still those of their query, and which others come first in a
 * cascade.
 */
import type { TableId } from '../../common/ids.ts';
import type { CatalogSnapshot, MaterializedViewObject, ObjectReference } from './objects.ts';

/** Tables whose rows the view shows, through views; a materialized view counts as its storage table. */
export function baseTables(catalog: CatalogSnapshot, view: MaterializedViewObject): readonly TableId[] {
  const found = new Set<TableId>();
  const walk = ({ oid }: ObjectReference): void => {
    const relation = catalog.relationByOid(oid);
    if (relation?.kind === 'table') found.add(oid);
    else if (relation?.kind === 'view') relation.dependsOn.forEach(walk);
    else if (relation?.kind === 'materialized view') found.add(relation.storageTable);
  };
  view.dependsOn.forEach(walk);
  return [...found];
}

/** A commit behind the last refresh changed a table that it reads. */
export function isStale(
  catalog: CatalogSnapshot,
  view: MaterializedViewObject,
  lastChangeLsn: (table: TableId) => number,
): boolean {
  const seen = view.lastRefreshLsn;
  return seen === undefined || baseTables(catalog, view).some((oid) => lastChangeLsn(oid) > seen);
}

/** Materialized views that it reads, through views and each other: every one behind those that it reads itself. */
export function viewsBelow(
  catalog: CatalogSnapshot,
  view: MaterializedViewObject,
): readonly MaterializedViewObject[] {
  const found = new Map<number, MaterializedViewObject>();
  const walk = ({ oid }: ObjectReference): void => {
    const relation = catalog.relationByOid(oid);
    if (relation === undefined || relation.kind === 'table' || found.has(oid)) return;
    relation.dependsOn.forEach(walk);
    if (relation.kind === 'materialized view') found.set(oid, relation);
  };
  view.dependsOn.forEach(walk);
  return [...found.values()];
}
