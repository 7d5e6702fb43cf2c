/**
 * A state of the catalog seen from one database. Cheap to make; every look-up of one object is a few map reads.
 */
import { assert } from '../../common/assert.ts';
import type { TableId } from '../../common/ids.ts';
import { CLUSTER } from './changes.ts';
import { CLASS_NAMES, OBJECT_CLASSES } from './classes/index.ts';
import type {
  CatalogObject,
  CatalogSnapshot,
  ClassName,
  DatabaseObject,
  Dependency,
  GroupObject,
  ObjectReference,
  ObjectTypes,
  RelationObject,
  SchemaObject,
  UserObject,
} from './objects.ts';
import { classIn, namedIn, NONE, type CatalogState, type ClassObjects, type ObjectSpace } from './state.ts';

const OF_CLUSTER = new Set(CLASS_NAMES.filter((of) => OBJECT_CLASSES[of].uniqueIn === 'cluster'));
const IN_SCHEMAS = CLASS_NAMES.filter((of) => OBJECT_CLASSES[of].uniqueIn === 'schema');

export class CatalogView implements CatalogSnapshot {
  readonly state: CatalogState;
  readonly database: DatabaseObject;
  private readonly own: ObjectSpace;
  private readonly cluster: ObjectSpace;

  constructor(state: CatalogState, databaseOid: number) {
    const database = classIn(state, 'database').objects.get(databaseOid);
    assert(database !== undefined, `no database with oid ${databaseOid}`);
    this.state = state;
    this.database = database;
    this.own = state.spaces.get(databaseOid)!;
    this.cluster = state.spaces.get(CLUSTER)!;
  }
  private of<C extends ClassName>(name: C): ClassObjects<ObjectTypes[C]> {
    return (OF_CLUSTER.has(name) ? this.cluster : this.own)[name] ?? NONE;
  }

  objects<C extends ClassName>(of: C, database = this.database.oid): readonly ObjectTypes[C][] {
    return [...classIn(this.state, of, database).objects.values()];
  }
  object<C extends ClassName>(of: C, oid: number): ObjectTypes[C] | undefined {
    return this.of(of).objects.get(oid);
  }
  named<C extends ClassName>(of: C, name: string, schemaOid?: number): ObjectTypes[C] | undefined {
    return namedIn<C>(this.of(of), name, schemaOid);
  }
  contents(schemaOid: number): readonly CatalogObject[] {
    return IN_SCHEMAS.flatMap((of) => {
      const { objects, names } = this.of(of);
      const oids = [...(names.get(schemaOid)?.values() ?? [])].sort((a, b) => a - b);
      return oids.map((oid) => objects.get(oid)!);
    });
  }
  dependents(on: ObjectReference): readonly Dependency[] {
    const found = [this.cluster, this.own].flatMap((space) => space[on.class]?.dependents.get(on.oid) ?? []);
    return found.sort((a, b) => a.oid - b.oid);
  }

  ofDatabase(name: string): CatalogSnapshot | undefined {
    const found = this.named('database', name);
    if (found === undefined) return undefined;
    return found.oid === this.database.oid ? this : new CatalogView(this.state, found.oid);
  }
  relationAnywhere(
    oid: TableId,
  ): { readonly relation: RelationObject; readonly schema: SchemaObject; readonly database: number } | undefined {
    const inDatabase = (database: number): ReturnType<CatalogView['relationAnywhere']> => {
      const relation = classIn(this.state, 'relation', database).objects.get(oid);
      const schema = relation && classIn(this.state, 'schema', database).objects.get(relation.schemaOid);
      return relation && schema && { relation, schema, database };
    };
    const own = inDatabase(this.database.oid);
    if (own !== undefined) return own;
    for (const { oid: database } of this.databases()) {
      const found = inDatabase(database);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  databases(): readonly DatabaseObject[] {
    return this.objects('database');
  }
  users(): readonly UserObject[] {
    return this.objects('user');
  }
  groups(): readonly GroupObject[] {
    return this.objects('group');
  }
  schemas(): readonly SchemaObject[] {
    return this.objects('schema');
  }
  schema(name: string): SchemaObject | undefined {
    return this.named('schema', name);
  }
  schemaByOid(oid: number): SchemaObject | undefined {
    return this.object('schema', oid);
  }
  user(name: string): UserObject | undefined {
    return this.named('user', name);
  }
  userByOid(oid: number): UserObject | undefined {
    return this.object('user', oid);
  }
  relations(): readonly RelationObject[] {
    return this.objects('relation');
  }
  relationByOid(oid: TableId): RelationObject | undefined {
    return this.object('relation', oid);
  }
  relationIn(schemaOid: number, name: string): RelationObject | undefined {
    return this.named('relation', name, schemaOid);
  }
}
