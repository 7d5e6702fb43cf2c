/**
 * Temporary schemas pg_temp_N: made with a session's first temporary table, dropped with the session, and
 * swept at start-up when a crash left some behind. Called by the session's close, by names.ts and by the
 * transaction manager.
 */
import type { TableId } from '../../common/ids.ts';
import type { CatalogChange } from './changes.ts';
import type { CatalogState } from './catalog.ts';
import type { CatalogTransaction } from './scope.ts';

/**
 * Drops the session's temporary schema with all its tables inside the given transaction.
 * True when there was one; the caller commits.
 */
export function dropTemporarySchema(transaction: CatalogTransaction, sessionPid: number): boolean {
  const catalog = transaction.catalog();
  const schema = catalog.schemas().find((s) => s.temporaryOf === sessionPid);
  if (schema === undefined) return false;
  const database = catalog.database.oid;
  transaction.requireXid();
  for (const relation of catalog.relations()) {
    if (relation.schemaOid !== schema.oid) continue;
    transaction.changeCatalog({ kind: 'drop-relation', database, oid: relation.oid });
    if (relation.kind === 'table') transaction.dropStorage(relation.oid);
  }
  transaction.changeCatalog({ kind: 'drop-schema', database, oid: schema.oid });
  return true;
}

/** What start-up has to drop in one database: temporary schemas of sessions that no longer exist. */
export function leftoverTemporarySchemas(
  state: CatalogState,
  database: number,
): { readonly changes: readonly CatalogChange[]; readonly drops: readonly TableId[] } {
  const changes: CatalogChange[] = [];
  const drops: TableId[] = [];
  const contents = state.contents.get(database)!;
  for (const schema of contents.schemas.values()) {
    if (schema.temporaryOf === undefined) continue;
    for (const relation of contents.relations.values()) {
      if (relation.schemaOid !== schema.oid) continue;
      changes.push({ kind: 'drop-relation', database, oid: relation.oid });
      if (relation.kind === 'table') drops.push(relation.oid);
    }
    changes.push({ kind: 'drop-schema', database, oid: schema.oid });
  }
  return { changes, drops };
}
