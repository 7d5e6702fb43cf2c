/**
 * What the lists of SHOW are made with, and the names in it: relations and schemas of the session's own database that the
 * user may see.
 */
import { featureNotSupported, undefinedDatabase, undefinedSchema } from '../../common/errors/catalogue.ts';
import { requireRelation } from '../catalog/names.ts';
import type { CatalogSnapshot, RelationObject, SchemaObject } from '../catalog/objects.ts';
import { allows } from '../catalog/privileges.ts';
import type { ShowObjects } from '../parser/statements/show.ts';
import type { Session } from '../session/types.ts';
import type { Transaction } from '../transaction/types.ts';
import type { QueryServices } from './context.ts';

export interface ShowContext {
  readonly session: Session;
  readonly transaction: Transaction;
  readonly services: Pick<QueryServices, 'query'>;
}
/** SHOW with its parameters put in. */
export type Show = ShowObjects<string>;
export type Cells = readonly (string | null)[];
/** Cells of an object under the name that LIKE is matched with. */
export type Listed = readonly [name: string, cells: Cells];

export function requireOwnDatabase(catalog: CatalogSnapshot, database: string | undefined): void {
  if (database === undefined || database === catalog.database.name) return;
  if (catalog.named('database', database) === undefined) throw undefinedDatabase(database);
  throw featureNotSupported(`SHOW of another database's objects is not supported; connect to "${database}"`);
}

/** The schema that [database.]schema means. */
export function shownSchema(context: ShowContext, { names }: Show): SchemaObject {
  const catalog = context.transaction.catalog();
  const [name = '', database] = [...names].reverse();
  requireOwnDatabase(catalog, database);
  const schema = catalog.schema(name);
  if (schema === undefined) throw undefinedSchema(name);
  return schema;
}

/** The relation that [[database.]schema.]relation means. */
export function shownRelation(context: ShowContext, { names, pos }: Show): RelationObject {
  const catalog = context.transaction.catalog();
  const [name = '', schema, database] = [...names].reverse();
  requireOwnDatabase(catalog, database);
  return requireRelation(catalog, context.session.searchPath(), {
    ...(schema === undefined ? {} : { schema }),
    name,
    pos,
  });
}

/** The user has some right on the relation. */
export function isVisible(context: ShowContext, relation: RelationObject): boolean {
  const { user } = context.session;
  const catalog = context.transaction.catalog();
  return [...'rawdDxtA'].some((letter) => allows(catalog, user, relation, letter));
}
