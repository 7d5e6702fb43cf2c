/**
 * What a datashare shows of its database: the relations and routines that were added, those of schemas that include
 * what is new, as far as they are still there.
 */
import type {
  CatalogSnapshot,
  DatabaseObject,
  DatashareObject,
  RelationObject,
  RoutineObject,
  SchemaObject,
} from './objects.ts';

/** The catalog of the share's database; undefined when that was dropped. */
export function producerOf(catalog: CatalogSnapshot, share: DatashareObject): CatalogSnapshot | undefined {
  const database = catalog.object('database', share.database);
  return database && catalog.ofDatabase(database.name);
}

export const isShared = (share: DatashareObject, relation: RelationObject): boolean =>
  relation.kind !== 'table' || relation.materializedViewOid === undefined
    ? share.relations.includes(relation.oid) || share.includeNew.includes(relation.schemaOid)
    : false;

export interface Shared {
  readonly schemas: readonly SchemaObject[];
  readonly relations: readonly { readonly relation: RelationObject; readonly schema: SchemaObject }[];
  readonly routines: readonly { readonly routine: RoutineObject; readonly schema: SchemaObject }[];
}
export function sharedObjects(catalog: CatalogSnapshot, share: DatashareObject): Shared {
  const producer = producerOf(catalog, share);
  if (producer === undefined) return { schemas: [], relations: [], routines: [] };
  const schemas = share.schemas.flatMap((oid) => producer.schemaByOid(oid) ?? []);
  const of = (oid: number): SchemaObject | undefined => schemas.find((schema) => schema.oid === oid);
  const relations = producer.relations().flatMap((relation) => {
    const schema = of(relation.schemaOid);
    return schema !== undefined && isShared(share, relation) ? [{ relation, schema }] : [];
  });
  const routines = producer.objects('routine').flatMap((routine) => {
    const schema = of(routine.schemaOid);
    return schema !== undefined && share.routines.includes(routine.oid) ? [{ routine, schema }] : [];
  });
  return { schemas, relations, routines };
}

/** Databases that were made from the share. */
export const databasesOf = (catalog: CatalogSnapshot, share: DatashareObject): readonly DatabaseObject[] =>
  catalog.databases().filter((database) => database.share === share.oid);
