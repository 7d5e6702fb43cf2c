/**
 * Dropping relations with what depends on them: RESTRICT refuses with 2BP01 and the list, CASCADE drops
 * dependent views and the foreign keys that point here. Used by every DROP and by ALTER TABLE DROP COLUMN
 * CASCADE.
 */
import type { TableId } from '../../common/ids.ts';
import { dependentObjects } from '../../common/errors/catalogue.ts';
import type { CommandContext } from '../services.ts';
import { dependentClosure, described, referencingTables } from './dependencies.ts';
import { relockedRelation } from './names.ts';
import type { RelationObject } from './objects.ts';

/** Removes one relation (and a materialized view's storage) from the catalog; storage goes at commit. */
async function removeRelation(context: CommandContext, relation: RelationObject): Promise<void> {
  const { transaction } = context;
  await transaction.lock(relation.oid, 'AccessExclusiveLock');
  const { database } = transaction;
  const now = transaction.catalog().relationByOid(relation.oid);
  if (now === undefined) return;
  transaction.changeCatalog({ kind: 'drop-relation', database, oid: now.oid });
  if (now.kind === 'table') transaction.dropStorage(now.oid);
  if (now.kind !== 'materialized view') return;
  await transaction.lock(now.storageTable, 'AccessExclusiveLock');
  transaction.changeCatalog({ kind: 'drop-relation', database, oid: now.storageTable });
  transaction.dropStorage(now.storageTable);
}

/** Drops foreign keys of other tables that point to the table. */
async function removeReferences(context: CommandContext, oid: TableId, gone: ReadonlySet<TableId>): Promise<void> {
  const { transaction } = context;
  for (const table of referencingTables(transaction.catalog(), oid)) {
    if (gone.has(table.oid)) continue;
    await transaction.lock(table.oid, 'AccessExclusiveLock');
    const now = relockedRelation(transaction, table.oid);
    if (now.kind !== 'table') continue;
    const constraints = now.constraints.filter((c) => c.references?.tableId !== oid);
    transaction.changeCatalog({
      kind: 'put-relation',
      database: transaction.database,
      relation: { ...now, constraints },
    });
  }
}

/** What stands in the way of dropping `relation` alone, as the DETAIL names it. */
function dependents(
  context: CommandContext,
  relation: RelationObject,
  gone: ReadonlySet<TableId>,
): readonly string[] {
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

/**
 * Drops the relations together; `what` names the object in the refusal when it is not the relation itself.
 */
export async function dropRelations(
  context: CommandContext,
  relations: readonly RelationObject[],
  cascade: boolean,
  what?: string,
): Promise<void> {
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
  for (const relation of all) {
    await removeRelation(context, relation);
    if (relation.kind === 'table') await removeReferences(context, relation.oid, gone);
  }
}
