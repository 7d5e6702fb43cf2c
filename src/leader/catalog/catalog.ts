/**
 * The versioned catalog. The committed state is a value of immutable maps; applying changes makes a new value
 * that shares every map it did not touch. A transaction keeps its own list of changes and reads a view of
 * (newest committed state + own changes): catalog reads are read-committed, as in Redshift, and a rollback is
 * forgetting the list.
 *
 * Invariants: relation names are unique per schema, schema names per database (checked when a commit is
 * logged); statistics change by 'put-statistics' only, so that ANALYZE never undoes a concurrent DDL.
 * Callers: transaction-manager.ts (apply, view), recovery (fromCheckpoint), and through CatalogSnapshot
 * everyone else.
 */
import { assert } from '../../common/assert.ts';
import type { TableId } from '../../common/ids.ts';
import {
  duplicateDatabase,
  duplicateGroup,
  duplicateSchema,
  duplicateTable,
  duplicateUser,
} from '../../common/errors/catalogue.ts';
import type { SliceChange } from '../../slices/storage.ts';
import type { CatalogChange } from './changes.ts';
import type {
  CatalogSnapshot,
  DatabaseObject,
  GroupObject,
  RelationObject,
  SchemaObject,
  UserObject,
} from './objects.ts';

/** Schemas and relations of one database. */
export interface DatabaseContents {
  readonly schemas: ReadonlyMap<number, SchemaObject>;
  readonly schemaNames: ReadonlyMap<string, number>;
  readonly relations: ReadonlyMap<number, RelationObject>;
  /** Key `<schema oid>.<name>`. */
  readonly relationNames: ReadonlyMap<string, number>;
}
export interface CatalogState {
  readonly databases: ReadonlyMap<number, DatabaseObject>;
  readonly users: ReadonlyMap<number, UserObject>;
  readonly groups: ReadonlyMap<number, GroupObject>;
  readonly contents: ReadonlyMap<number, DatabaseContents>;
}

const EMPTY_CONTENTS: DatabaseContents = {
  schemas: new Map(),
  schemaNames: new Map(),
  relations: new Map(),
  relationNames: new Map(),
};
export const EMPTY_CATALOG: CatalogState = {
  databases: new Map(),
  users: new Map(),
  groups: new Map(),
  contents: new Map(),
};

const relationKey = (schemaOid: number, name: string): string => `${schemaOid}.${name}`;

interface DraftContents {
  schemas: Map<number, SchemaObject>;
  schemaNames: Map<string, number>;
  relations: Map<number, RelationObject>;
  relationNames: Map<string, number>;
}

/** A state being changed: maps are copied when first touched. */
class CatalogDraft {
  private databases: Map<number, DatabaseObject> | undefined;
  private users: Map<number, UserObject> | undefined;
  private groups: Map<number, GroupObject> | undefined;
  private contents: Map<number, DatabaseContents> | undefined;
  private readonly drafts = new Map<number, DraftContents>();

  private readonly base: CatalogState;
  /** Refuse a name another object has; off for the overlays that only read. */
  private readonly strict: boolean;

  constructor(base: CatalogState, strict: boolean) {
    this.base = base;
    this.strict = strict;
  }

  private of(database: number): DraftContents {
    let draft = this.drafts.get(database);
    if (draft === undefined) {
      this.contents ??= new Map(this.base.contents);
      const from = this.contents.get(database);
      assert(from !== undefined, `catalog change for unknown database ${database}`);
      draft = {
        schemas: new Map(from.schemas),
        schemaNames: new Map(from.schemaNames),
        relations: new Map(from.relations),
        relationNames: new Map(from.relationNames),
      };
      this.drafts.set(database, draft);
      this.contents.set(database, draft);
    }
    return draft;
  }

  apply(change: CatalogChange): void {
    switch (change.kind) {
      case 'put-relation':
        return this.putRelation(change.database, change.relation);
      case 'drop-relation':
        return this.dropRelation(change.database, change.oid);
      case 'put-statistics': {
        const draft = this.of(change.database);
        const table = draft.relations.get(change.oid);
        if (table?.kind === 'table') {
          draft.relations.set(change.oid, { ...table, statistics: change.statistics });
        }
        return;
      }
      case 'put-schema':
        return this.putSchema(change.database, change.schema);
      case 'drop-schema': {
        const draft = this.of(change.database);
        const old = draft.schemas.get(change.oid);
        if (old !== undefined && draft.schemaNames.get(old.name) === old.oid) {
          draft.schemaNames.delete(old.name);
        }
        draft.schemas.delete(change.oid);
        return;
      }
      case 'put-database': {
        this.databases ??= new Map(this.base.databases);
        this.refuseTaken(this.databases, change.object, duplicateDatabase);
        this.databases.set(change.object.oid, change.object);
        this.contents ??= new Map(this.base.contents);
        if (!this.contents.has(change.object.oid)) this.contents.set(change.object.oid, EMPTY_CONTENTS);
        return;
      }
      case 'drop-database': {
        (this.databases ??= new Map(this.base.databases)).delete(change.oid);
        (this.contents ??= new Map(this.base.contents)).delete(change.oid);
        this.drafts.delete(change.oid);
        return;
      }
      case 'put-user': {
        this.users ??= new Map(this.base.users);
        this.refuseTaken(this.users, change.user, duplicateUser);
        this.users.set(change.user.oid, change.user);
        return;
      }
      case 'drop-user':
        void (this.users ??= new Map(this.base.users)).delete(change.oid);
        return;
      case 'put-group': {
        this.groups ??= new Map(this.base.groups);
        this.refuseTaken(this.groups, change.group, duplicateGroup);
        this.groups.set(change.group.oid, change.group);
        return;
      }
      case 'drop-group':
        void (this.groups ??= new Map(this.base.groups)).delete(change.oid);
        return;
    }
  }

  private refuseTaken(
    objects: ReadonlyMap<number, { readonly oid: number; readonly name: string }>,
    object: { readonly oid: number; readonly name: string },
    error: (name: string) => Error,
  ): void {
    if (!this.strict) return;
    for (const other of objects.values())
      if (other.name === object.name && other.oid !== object.oid) throw error(object.name);
  }

  private putRelation(database: number, relation: RelationObject): void {
    const draft = this.of(database);
    const key = relationKey(relation.schemaOid, relation.name);
    const holder = draft.relationNames.get(key);
    if (this.strict && holder !== undefined && holder !== relation.oid) throw duplicateTable(relation.name);
    this.forgetRelationName(draft, relation.oid);
    draft.relations.set(relation.oid, relation);
    draft.relationNames.set(key, relation.oid);
  }

  private dropRelation(database: number, oid: TableId): void {
    const draft = this.of(database);
    this.forgetRelationName(draft, oid);
    draft.relations.delete(oid);
  }

  private forgetRelationName(draft: DraftContents, oid: number): void {
    const old = draft.relations.get(oid);
    if (old === undefined) return;
    const key = relationKey(old.schemaOid, old.name);
    if (draft.relationNames.get(key) === oid) draft.relationNames.delete(key);
  }

  private putSchema(database: number, schema: SchemaObject): void {
    const draft = this.of(database);
    const holder = draft.schemaNames.get(schema.name);
    if (this.strict && holder !== undefined && holder !== schema.oid) throw duplicateSchema(schema.name);
    const old = draft.schemas.get(schema.oid);
    if (old !== undefined && draft.schemaNames.get(old.name) === old.oid) draft.schemaNames.delete(old.name);
    draft.schemas.set(schema.oid, schema);
    draft.schemaNames.set(schema.name, schema.oid);
  }

  /** Adds to the tables' count of changed rows since ANALYZE, from what a commit did. */
  countModified(database: number, changes: readonly SliceChange[]): void {
    const byTable = new Map<number, number>();
    for (const c of changes) byTable.set(c.tableId, (byTable.get(c.tableId) ?? 0) + c.rowsAdded + c.rowsDeleted);
    for (const [oid, rows] of byTable) {
      const table = (this.contents ?? this.base.contents).get(database)?.relations.get(oid);
      if (rows === 0 || table?.kind !== 'table' || table.statistics === undefined) continue;
      const statistics = { ...table.statistics, modifiedRows: table.statistics.modifiedRows + rows };
      this.of(database).relations.set(oid, { ...table, statistics });
    }
  }

  finish(): CatalogState {
    return {
      databases: this.databases ?? this.base.databases,
      users: this.users ?? this.base.users,
      groups: this.groups ?? this.base.groups,
      contents: this.contents ?? this.base.contents,
    };
  }
}

/** The state after the changes. With `strict`, a name taken by another object is a SqlError. */
export function applyChanges(state: CatalogState, changes: readonly CatalogChange[], strict = false): CatalogState {
  if (changes.length === 0) return state;
  const draft = new CatalogDraft(state, strict);
  for (const change of changes) draft.apply(change);
  return draft.finish();
}

/**
 * What one commit does to the catalog: its changes, then the counts of changed rows. The same at run time and
 * recovery.
 */
export function applyCommit(
  state: CatalogState,
  database: number,
  changes: readonly CatalogChange[],
  slices: readonly SliceChange[],
): CatalogState {
  const draft = new CatalogDraft(state, false);
  // The counts first: statistics that this very commit stores already include its rows.
  if (slices.length > 0) draft.countModified(database, slices);
  for (const change of changes) draft.apply(change);
  return draft.finish();
}

/** Changes that build `state` from nothing: the form of a checkpoint. */
export function stateAsChanges(state: CatalogState): readonly CatalogChange[] {
  const changes: CatalogChange[] = [];
  for (const user of state.users.values()) changes.push({ kind: 'put-user', user });
  for (const group of state.groups.values()) changes.push({ kind: 'put-group', group });
  for (const object of state.databases.values()) {
    changes.push({ kind: 'put-database', object });
    const contents = state.contents.get(object.oid)!;
    for (const schema of contents.schemas.values())
      changes.push({
        kind: 'put-schema',
        database: object.oid,
        schema,
      });
    for (const relation of contents.relations.values()) {
      changes.push({ kind: 'put-relation', database: object.oid, relation });
    }
  }
  return changes;
}

/**
 * A state seen from one database. Cheap to make; all lookups are map reads but for users and databases by
 * name.
 */
export class CatalogView implements CatalogSnapshot {
  readonly state: CatalogState;
  readonly database: DatabaseObject;
  private readonly contents: DatabaseContents;

  constructor(state: CatalogState, databaseOid: number) {
    const database = state.databases.get(databaseOid);
    assert(database !== undefined, `no database with oid ${databaseOid}`);
    this.state = state;
    this.database = database;
    this.contents = state.contents.get(databaseOid)!;
  }
  databases(): readonly DatabaseObject[] {
    return [...this.state.databases.values()];
  }
  users(): readonly UserObject[] {
    return [...this.state.users.values()];
  }
  groups(): readonly GroupObject[] {
    return [...this.state.groups.values()];
  }
  schemas(): readonly SchemaObject[] {
    return [...this.contents.schemas.values()];
  }
  schema(name: string): SchemaObject | undefined {
    const oid = this.contents.schemaNames.get(name);
    return oid === undefined ? undefined : this.contents.schemas.get(oid);
  }
  schemaByOid(oid: number): SchemaObject | undefined {
    return this.contents.schemas.get(oid);
  }
  user(name: string): UserObject | undefined {
    for (const user of this.state.users.values()) if (user.name === name) return user;
    return undefined;
  }
  userByOid(oid: number): UserObject | undefined {
    return this.state.users.get(oid);
  }
  relations(): readonly RelationObject[] {
    return [...this.contents.relations.values()];
  }
  relationByOid(oid: TableId): RelationObject | undefined {
    return this.contents.relations.get(oid);
  }
  relationIn(schemaOid: number, name: string): RelationObject | undefined {
    const oid = this.contents.relationNames.get(relationKey(schemaOid, name));
    return oid === undefined ? undefined : this.contents.relations.get(oid);
  }
  /** Relations of any database, for DROP DATABASE and DROP USER. */
  relationsOf(database: number): readonly RelationObject[] {
    return [...(this.state.contents.get(database)?.relations.values() ?? [])];
  }
  schemasOf(database: number): readonly SchemaObject[] {
    return [...(this.state.contents.get(database)?.schemas.values() ?? [])];
  }
}

/**
 * Relations of any database as a snapshot can tell them; its own database only when it is not a CatalogView.
 */
export function relationsOfDatabase(catalog: CatalogSnapshot, database: number): readonly RelationObject[] {
  if (catalog instanceof CatalogView) return catalog.relationsOf(database);
  return catalog.database.oid === database ? catalog.relations() : [];
}
