/**
 * What a prepared statement depends on besides its text: the catalog, the user, the search path, and settings that decide
 * how it is bound. Used by session.ts.
 */
import { resultTypeChanged } from '../../common/errors/catalogue.ts';
import type { FieldDescription } from '../../common/sql-service.ts';
import type { Transaction } from '../transaction/types.ts';
import { DECIDING_SETTINGS } from './deciding-settings.ts';
import type { ExecutorEntry, SessionScope } from './scope.ts';

interface PreparedUnder {
  readonly catalog: object;
  readonly environment: string;
}
export function preparedUnder(scope: SessionScope, transaction: Transaction): PreparedUnder {
  const catalog = transaction.catalog();
  const settings = DECIDING_SETTINGS.map((name) => scope.setting(name));
  const environment = [scope.database, scope.user.name, ...settings, ...scope.searchPath()].join();
  return { catalog: catalog.state ?? catalog, environment };
}

/**
 * Prepares again what was prepared under another catalog, user or search path. Columns that the client was told stay
 * what they were.
 */
export async function refresh(
  scope: SessionScope,
  entry: ExecutorEntry,
  transaction: Transaction,
  described: boolean,
): Promise<void> {
  const { catalog, environment } = preparedUnder(scope, transaction);
  if (entry.catalog === catalog && entry.environment === environment) return;
  const types = entry.types === 'none' || entry.types.length === 0 ? entry.types : entry.prepared.parameters;
  const { statement, text } = entry;
  const prepared = await scope.deps.executor.prepare(scope, transaction, statement, text, types);
  const shape = (fields: readonly FieldDescription[] | null): string =>
    JSON.stringify(fields?.map((f) => [f.name, f.typeOid, f.typeModifier]) ?? null);
  if (described && shape(prepared.fields) !== shape(entry.prepared.fields)) throw resultTypeChanged();
  entry.prepared = prepared;
  entry.catalog = catalog;
  entry.environment = environment;
}
