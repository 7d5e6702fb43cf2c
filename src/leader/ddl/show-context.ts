/**
 * What the lists of SHOW are made with, and the names in it: databases, this one or another, and schemas and relations in
 * them. A name of nothing gives an empty list, as Redshift's does.
 */
import { findRelation } from '../catalog/names.ts';
import type { CatalogSnapshot, RelationObject, SchemaObject } from '../catalog/objects.ts';
import { allows } from '../catalog/privileges.ts';
import type { CatalogState } from '../catalog/state.ts';
import { CatalogView } from '../catalog/view.ts';
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

/** The catalog of the database of that name, of the session's own without one; undefined when there is none. */
export function shownCatalog(
  { transaction }: ShowContext,
  database: string | undefined,
): CatalogSnapshot | undefined {
  const own = transaction.catalog();
  if (database === undefined || database === own.database.name) return own;
  const other = own.named('database', database);
  return other && new CatalogView(own.state as CatalogState, other.oid);
}

export interface ShownSchema {
  readonly catalog: CatalogSnapshot;
  readonly schema: SchemaObject;
}
/** The schema that [database.]schema means. */
export function shownSchema(context: ShowContext, { names }: Show): ShownSchema | undefined {
  const [name = '', database] = [...names].reverse();
  const catalog = shownCatalog(context, database);
  const schema = catalog?.schema(name);
  return catalog && schema && { catalog, schema };
}

export interface ShownRelation {
  readonly catalog: CatalogSnapshot;
  readonly relation: RelationObject;
}
/** The relation that [[database.]schema.]relation means. */
export function shownRelation(context: ShowContext, { names, pos }: Show): ShownRelation | undefined {
  const [name = '', schemaName, database] = [...names].reverse();
  const catalog = shownCatalog(context, database);
  const schema = schemaName === undefined ? undefined : catalog?.schema(schemaName);
  const relation =
    schemaName === undefined
      ? catalog && findRelation(catalog, context.session.searchPath(), { name, pos })
      : schema && catalog?.relationIn(schema.oid, name);
  return catalog && relation && { catalog, relation };
}

/** The user has some right on the relation. */
export function isVisible({ session }: ShowContext, catalog: CatalogSnapshot, relation: RelationObject): boolean {
  const { user } = session;
  return [...'rawdDxtA'].some((letter) => allows(catalog, user, relation, letter));
}
