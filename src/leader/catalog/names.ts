/**
 * From a name in a command to a catalog object: by search path where names are in schemas; quoting. The analyser resolves names of queries by the same rules.
 */
import { duplicateTable, undefinedSchema, wrongObjectType } from '../../common/errors/catalogue.ts';
import { crossDatabase } from '../../common/errors/cross-database-errors.ts';
import type { SqlError } from '../../common/errors/sql-error.ts';
import type { QualifiedName } from '../parser/ast.ts';
import { OBJECT_CLASSES } from './classes/index.ts';
import type { CatalogSnapshot, ClassName, ObjectTypes, RelationObject, TableObject } from './objects.ts';

/** s.t as error messages print a name that was not found. */
export const spelled = (name: QualifiedName): string =>
  name.schema === undefined ? name.name : `${name.schema}.${name.name}`;

const PLAIN = /^[a-z_][a-z0-9_$]*$/;
const RESERVED = new Set(
  (
    'all and any array as asc between both case cast check collate column constraint create cross current_date ' +
    'current_time current_timestamp current_user default desc distinct do else end except false for foreign from full ' +
    'grant group having in inner intersect interval into is join leading left like limit natural new not null offset on ' +
    'or order outer primary references right select session_user some system table tag then to top trailing true union ' +
    'unique user using when where with'
  ).split(' '),
);
/** The name as SQL text, quoted when it must be. */
export const quoteName = (name: string): string =>
  PLAIN.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
export const quoteQualified = (schema: string, name: string): string => `${quoteName(schema)}.${quoteName(name)}`;

/** Names go to the session's own database. */
export function checkDatabase(catalog: CatalogSnapshot, name: QualifiedName): void {
  if (name.database !== undefined && name.database !== catalog.database.name) {
    throw crossDatabase(`${name.database}.${spelled(name)}`);
  }
}

/** The object of a class that a name means, or undefined: on a search path, when the class's names are in schemas. */
export function findObject<C extends ClassName>(
  catalog: CatalogSnapshot,
  searchPath: readonly string[],
  of: C,
  name: QualifiedName,
): ObjectTypes[C] | undefined {
  if (OBJECT_CLASSES[of].uniqueIn !== 'schema') return catalog.named(of, name.name);
  checkDatabase(catalog, name);
  if (name.schema !== undefined) {
    const schema = catalog.schema(name.schema);
    if (schema === undefined) throw undefinedSchema(name.schema);
    return catalog.named(of, name.name, schema.oid);
  }
  for (const path of searchPath) {
    const schema = catalog.schema(path);
    const object = schema === undefined ? undefined : catalog.named(of, name.name, schema.oid);
    if (object !== undefined) return object;
  }
  return undefined;
}
/** What a name that means nothing is told. */
export const missingObject = (of: ClassName, name: QualifiedName): SqlError =>
  OBJECT_CLASSES[of].uniqueIn === 'schema'
    ? OBJECT_CLASSES[of].missing(spelled(name), name.pos + 1)
    : OBJECT_CLASSES[of].missing(name.name);
export function requireObject<C extends ClassName>(
  catalog: CatalogSnapshot,
  searchPath: readonly string[],
  of: C,
  name: QualifiedName,
): ObjectTypes[C] {
  const object = findObject(catalog, searchPath, of, name);
  if (object === undefined) throw missingObject(of, name);
  return object;
}
/** An object of a class whose names are in no schema. */
export function requireNamed<C extends ClassName>(catalog: CatalogSnapshot, of: C, name: string): ObjectTypes[C] {
  const object = catalog.named(of, name);
  if (object === undefined) throw OBJECT_CLASSES[of].missing(name);
  return object;
}

/** The relation a name means on a search path, or undefined. */
export const findRelation = (
  catalog: CatalogSnapshot,
  searchPath: readonly string[],
  name: QualifiedName,
): RelationObject | undefined => findObject(catalog, searchPath, 'relation', name);
export const requireRelation = (
  catalog: CatalogSnapshot,
  searchPath: readonly string[],
  name: QualifiedName,
): RelationObject => requireObject(catalog, searchPath, 'relation', name);

export function asTable(relation: RelationObject): TableObject {
  if (relation.kind !== 'table') throw wrongObjectType(relation.name, 'table');
  return relation;
}

export function schemaNameOf(catalog: CatalogSnapshot, relation: RelationObject): string {
  return catalog.schemaByOid(relation.schemaOid)?.name ?? 'pg_toast';
}

export function refuseTakenName(catalog: CatalogSnapshot, schemaOid: number, name: string): void {
  if (catalog.relationIn(schemaOid, name) !== undefined) throw duplicateTable(name);
}
