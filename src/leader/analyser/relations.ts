/**
 * A qualified name to what it means: a CTE is found by from.ts, here come catalog relations and system views. Search
 * order for plain names: temporary schema, pg_catalog, then the search path.
 */
import {
  featureNotSupported,
  permissionDenied,
  undefinedDatabase,
  undefinedSchema,
  undefinedTable,
} from '../../common/errors/catalogue.ts';
import { crossDatabaseView } from '../../common/errors/cross-database-errors.ts';
import { isShared, producerOf } from '../catalog/datashares.ts';
import type { DatabaseObject, RelationObject, SchemaObject } from '../catalog/objects.ts';
import { allows } from '../catalog/privileges.ts';
import type { QualifiedName } from '../parser/ast.ts';
import { at, recorderOf, type AnalyserState, type SystemViewInfo } from './context.ts';
import { checkSchemaUsage } from './privileges.ts';

export type Found =
  | {
      readonly kind: 'relation';
      readonly relation: RelationObject;
      readonly schema: SchemaObject;
      /** Of another database: the surroundings in which its names are looked up. */
      readonly inside?: AnalyserState;
    }
  | { readonly kind: 'system'; readonly view: SystemViewInfo; readonly schema: string };

const isTemporary = (name: string): boolean => name.startsWith('pg_temp');

function inSchema(state: AnalyserState, schemaName: string, name: string): Found | undefined {
  const view = state.context.systemViews(schemaName, name);
  if (view !== undefined) return { kind: 'system', view, schema: schemaName };
  const schema = state.context.catalog.schema(schemaName);
  if (schema === undefined) return undefined;
  const relation = state.context.catalog.relationIn(schema.oid, name);
  return relation === undefined ? undefined : { kind: 'relation', relation, schema };
}

export function printName(n: QualifiedName): string {
  return n.schema === undefined ? n.name : `${n.schema}.${n.name}`;
}

function temporaryAlias(state: AnalyserState, schema: string): string {
  return schema === 'pg_temp' ? (state.searchPath.find(isTemporary) ?? schema) : schema;
}

export function findRelation(state: AnalyserState, n: QualifiedName): Found {
  const { catalog } = state.context;
  if (n.database !== undefined && n.database !== catalog.database.name) return inDatabase(state, n, n.database);
  if (n.schema !== undefined) {
    const schemaName = temporaryAlias(state, n.schema);
    const found = inSchema(state, schemaName, n.name);
    const schema = catalog.schema(schemaName);
    if (schema === undefined && found === undefined && !['pg_catalog', 'information_schema'].includes(schemaName)) {
      throw undefinedSchema(n.schema, at(n));
    }
    if (schema !== undefined && found?.kind !== 'system') checkSchemaUsage(catalog, state.user, schema, at(n));
    if (found === undefined) throw undefinedTable(printName(n), at(n));
    return found;
  }
  const found = searchPlain(state, n.name);
  if (found === undefined) throw undefinedTable(n.name, at(n));
  if (found.kind === 'relation') checkSchemaUsage(catalog, state.user, found.schema, at(n));
  return found;
}

/** A relation of another database: read only, and none of its system views. */
function inDatabase(state: AnalyserState, n: QualifiedName, database: string): Found {
  const { context } = state;
  const catalog = context.catalog.ofDatabase(database);
  if (catalog === undefined) throw undefinedDatabase(database, at(n));
  const share = catalog.database.share;
  if (share !== undefined) return inShare(state, n, catalog.database, share);
  if (recorderOf(state) !== undefined) throw crossDatabaseView(at(n));
  const schema = n.schema === undefined ? undefined : catalog.schema(n.schema);
  if (schema === undefined) {
    if (n.schema !== undefined && context.systemViews(n.schema, n.name) !== undefined)
      throw featureNotSupported(`system view ${printName(n)} of another database is not supported`, at(n));
    throw undefinedSchema(n.schema ?? '', at(n));
  }
  checkSchemaUsage(catalog, state.user, schema, at(n));
  const relation = catalog.relationIn(schema.oid, n.name);
  if (relation === undefined) throw undefinedTable(`${database}.${printName(n)}`, at(n));
  return { kind: 'relation', relation, schema, inside: { ...state, context: { ...context, catalog } } };
}

/** An object of a datashare, by a database that was made from it: whoever may use that reads it with its owner's rights. */
function inShare(state: AnalyserState, n: QualifiedName, database: DatabaseObject, oid: number): Found {
  const { context, user } = state;
  const { catalog } = context;
  if (recorderOf(state) !== undefined) throw crossDatabaseView(at(n));
  if (!allows(catalog, user, database, 'U')) throw permissionDenied('database', database.name, at(n));
  const share = catalog.object('datashare', oid);
  const producer = share && producerOf(catalog, share);
  const schema = n.schema === undefined ? undefined : producer?.schema(n.schema);
  if (share === undefined || producer === undefined || schema === undefined || !share.schemas.includes(schema.oid))
    throw undefinedSchema(n.schema ?? '', at(n));
  const relation = producer.relationIn(schema.oid, n.name);
  if (relation === undefined || !isShared(share, relation))
    throw undefinedTable(`${database.name}.${printName(n)}`, at(n));
  const owner = producer.userByOid(relation.ownerOid) ?? user;
  const inside = { ...state, user: owner, context: { ...context, catalog: producer } };
  return { kind: 'relation', relation, schema, inside };
}

function searchPlain(state: AnalyserState, name: string): Found | undefined {
  const path = state.searchPath;
  for (const s of path.filter(isTemporary)) {
    const found = inSchema(state, s, name);
    if (found !== undefined) return found;
  }
  const view = state.context.systemViews(undefined, name);
  if (view !== undefined) return { kind: 'system', view, schema: 'pg_catalog' };
  for (const s of path) {
    const found = inSchema(state, s, name);
    if (found !== undefined) return found;
  }
  return undefined;
}
