/**
 * Temporary schemas pg_temp_N: made with a session's first temporary table, dropped with the session, and
 * swept at start-up when a crash left some behind. Called by the session's close, by names.ts and by the
 * transaction manager.
 */
import type { TableId } from '../../common/ids.ts';
import { dropChange, type CatalogChange } from './changes.ts';
import { traitsOf } from './classes/index.ts';
import type { CatalogSnapshot, SchemaObject } from './objects.ts';
import type { CatalogTransaction } from './scope.ts';
import type { CatalogState } from './state.ts';
import { CatalogView } from './view.ts';

interface Removal {
  readonly changes: readonly CatalogChange[];
  /** Tables whose rows go. */
  readonly drops: readonly TableId[];
}

function removalOf(catalog: CatalogSnapshot, schemas: readonly SchemaObject[]): Removal {
  const inside = schemas.flatMap((schema) => catalog.contents(schema.oid));
  return {
    changes: [...inside, ...schemas].map((object) => dropChange(catalog.database.oid, object)),
    drops: inside.filter((object) => traitsOf(object).storage).map((object) => object.oid),
  };
}

/**
 * Drops the session's temporary schema with all that is in it inside the given transaction.
 * True when there was one; the caller commits.
 */
export function dropTemporarySchema(transaction: CatalogTransaction, sessionPid: number): boolean {
  const catalog = transaction.catalog();
  const own = catalog.schemas().filter((s) => s.temporaryOf === sessionPid);
  if (own.length === 0) return false;
  transaction.requireXid();
  const { changes, drops } = removalOf(catalog, own);
  for (const change of changes) transaction.changeCatalog(change);
  for (const table of drops) transaction.dropStorage(table);
  return true;
}

/** What start-up has to drop in one database: temporary schemas of sessions that no longer exist. */
export function leftoverTemporarySchemas(state: CatalogState, database: number): Removal {
  const catalog = new CatalogView(state, database);
  const left = catalog.schemas().filter((s) => s.temporaryOf !== undefined);
  return removalOf(catalog, left);
}
