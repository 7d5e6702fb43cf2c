/**
 * DROP TABLE, VIEW, MATERIALIZED VIEW, SCHEMA, DATABASE, USER and GROUP. IF EXISTS turns a missing object
 * into an INFO line. Storage of dropped tables is removed when the transaction commits.
 */
import {
  currentDatabaseDropped,
  currentUserDropped,
  databaseInUse,
  dependentObjects,
  groupHasPrivileges,
  mustBeOwner,
  systemDatabase,
  undefinedDatabase,
  undefinedGroup,
  undefinedSchema,
  undefinedTable,
  undefinedUser,
  userHasPrivileges,
  userOwnsObjects,
  wrongObjectType,
} from '../../common/errors/catalogue.ts';
import { FIRST_USER_OID, RDSDB_OID, SYSTEM_DATABASES } from '../catalog/bootstrap.ts';
import { relationsOfDatabase } from '../catalog/catalog.ts';
import { dropRelations } from '../ddl/drop-relations.ts';
import { findRelation, spelled } from '../catalog/names.ts';
import type { AclEntry, CatalogSnapshot, RelationObject } from '../catalog/objects.ts';
import { allows, isOwner, requireOwner, requireSuperuser } from '../catalog/privileges.ts';
import { info, recorded } from './recorded-command.ts';
import type { QualifiedName, Statement } from '../parser/ast.ts';
import type { CommandContext } from './command.ts';

type Drop = Extract<Statement, { kind: 'drop' }>;

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** The INFO line of IF EXISTS. */
function skip(context: CommandContext, kind: Drop['objectKind'], name: string): void {
  context.notice(info(`${capital(kind)} "${name}" does not exist and will be skipped`));
}

function findForDrop(context: CommandContext, statement: Drop, name: QualifiedName): RelationObject | undefined {
  const catalog = context.transaction.catalog();
  if (statement.ifExists && name.schema !== undefined && catalog.schema(name.schema) === undefined) {
    return undefined;
  }
  return findRelation(catalog, context.session.searchPath(), name);
}

function checkDrop(context: CommandContext, statement: Drop, relation: RelationObject): void {
  const { session, transaction } = context;
  const storage = relation.kind === 'table' && relation.materializedViewOid !== undefined;
  if (relation.kind !== statement.objectKind || storage) {
    throw wrongObjectType(relation.name, statement.objectKind);
  }
  const schema = transaction.catalog().schemaByOid(relation.schemaOid);
  const ownsSchema = schema !== undefined && isOwner(session.user, schema);
  if (!ownsSchema && !allows(transaction.catalog(), session.user, relation.ownerOid, relation.acl, 'D')) {
    throw mustBeOwner('relation', relation.name);
  }
}

async function dropRelationsByName(context: CommandContext, statement: Drop): Promise<void> {
  let missing: readonly QualifiedName[] = [];
  const find = (): readonly RelationObject[] => {
    const found = new Map<number, RelationObject>();
    const absent: QualifiedName[] = [];
    for (const name of statement.names) {
      const relation = findForDrop(context, statement, name);
      if (relation === undefined) {
        if (!statement.ifExists) throw undefinedTable(spelled(name), name.pos + 1);
        absent.push(name);
        continue;
      }
      checkDrop(context, statement, relation);
      found.set(relation.oid, relation);
    }
    missing = absent;
    return [...found.values()];
  };
  await dropRelations(context, find, statement.cascade);
  for (const name of missing) skip(context, statement.objectKind, spelled(name));
}

async function dropSchemas(context: CommandContext, statement: Drop): Promise<void> {
  const { session, transaction } = context;
  for (const { name } of statement.names) {
    const catalog = transaction.catalog();
    const schema = catalog.schema(name);
    if (schema === undefined) {
      if (!statement.ifExists) throw undefinedSchema(name);
      skip(context, 'schema', name);
      continue;
    }
    if (!allows(catalog, session.user, schema.ownerOid, schema.acl, 'D'))
      requireOwner(session.user, 'schema', schema);
    if (schema.name === 'pg_catalog' || schema.name === 'information_schema') {
      throw mustBeOwner('schema', name);
    }
    const content = (): readonly RelationObject[] =>
      transaction
        .catalog()
        .relations()
        .filter((r) => r.schemaOid === schema.oid);
    const inside = content();
    if (inside.length > 0 && !statement.cascade) {
      throw dependentObjects(
        `schema ${name}`,
        inside.map((r) => `${r.kind} ${name}.${r.name}`),
      );
    }
    // Storage tables go with their materialized views.
    const find = (): readonly RelationObject[] =>
      content().filter((r) => r.kind !== 'table' || r.materializedViewOid === undefined);
    await dropRelations(context, find, true);
    transaction.changeCatalog({ kind: 'drop-schema', database: transaction.database, oid: schema.oid });
  }
}

async function dropDatabases(context: CommandContext, statement: Drop): Promise<void> {
  const { services, session, transaction } = context;
  for (const { name } of statement.names) {
    const catalog = transaction.catalog();
    const database = catalog.databases().find((d) => d.name === name);
    if (database === undefined) {
      if (!statement.ifExists) throw undefinedDatabase(name);
      skip(context, 'database', name);
      continue;
    }
    requireOwner(session.user, 'database', database);
    if (SYSTEM_DATABASES.includes(name)) throw systemDatabase(name);
    if (database.oid === catalog.database.oid) throw currentDatabaseDropped();
    if (statement.force) await services.endSessionsOf(name, session.cancelSignal);
    if (services.sessions().some((s) => s.database === name)) throw databaseInUse(name);
    for (const relation of relationsOfDatabase(catalog, database.oid)) {
      if (relation.kind === 'table') transaction.dropStorage(relation.oid);
    }
    transaction.changeCatalog({ kind: 'drop-database', oid: database.oid });
  }
}

/** Every ACL a snapshot can see: its own database's schemas and relations, and the databases'. */
function everyAcl(catalog: CatalogSnapshot): readonly (readonly AclEntry[])[] {
  return [
    ...catalog.schemas().map((s) => s.acl),
    ...catalog.relations().map((r) => r.acl),
    ...catalog.databases().map((d) => d.acl ?? []),
  ];
}
const isGrantee = (catalog: CatalogSnapshot, oid: number): boolean =>
  everyAcl(catalog).some((acl) => acl.some((e) => e.grantee === oid));

function dropUsers(context: CommandContext, statement: Drop): void {
  const { session, transaction } = context;
  requireSuperuser(session.user, 'drop users');
  for (const { name } of statement.names) {
    const catalog = transaction.catalog();
    const user = catalog.user(name);
    if (user === undefined) {
      if (!statement.ifExists) throw undefinedUser(name);
      skip(context, 'user', name);
      continue;
    }
    if (user.oid === session.user.oid) throw currentUserDropped();
    const owned = [...catalog.databases(), ...catalog.schemas(), ...catalog.relations()];
    const owns = owned.some((o) => o.ownerOid === user.oid);
    if (owns || user.oid === RDSDB_OID || user.oid === FIRST_USER_OID) throw userOwnsObjects(name);
    if (isGrantee(catalog, user.oid)) throw userHasPrivileges(name);
    for (const group of catalog.groups()) {
      if (!group.users.includes(user.oid)) continue;
      transaction.changeCatalog({
        kind: 'put-group',
        group: { ...group, users: group.users.filter((u) => u !== user.oid) },
      });
    }
    transaction.changeCatalog({ kind: 'drop-user', oid: user.oid });
  }
}

function dropGroups(context: CommandContext, statement: Drop): void {
  const { session, transaction } = context;
  requireSuperuser(session.user, 'drop groups');
  for (const { name } of statement.names) {
    const catalog = transaction.catalog();
    const group = catalog.groups().find((g) => g.name === name);
    if (group === undefined) {
      if (!statement.ifExists) throw undefinedGroup(name);
      skip(context, 'group', name);
      continue;
    }
    if (isGrantee(catalog, -group.oid)) throw groupHasPrivileges(name);
    transaction.changeCatalog({ kind: 'drop-group', oid: group.oid });
  }
}

export default recorded('ddl', {
  kind: 'drop',
  doc: 'DROP',
  outsideTransaction: (statement) => (statement.objectKind === 'database' ? 'DROP DATABASE' : undefined),
  async run(context, statement: Drop) {
    context.transaction.requireXid();
    switch (statement.objectKind) {
      case 'table':
      case 'view':
      case 'materialized view':
        await dropRelationsByName(context, statement);
        break;
      case 'schema':
        await dropSchemas(context, statement);
        break;
      case 'database':
        await dropDatabases(context, statement);
        break;
      case 'user':
        dropUsers(context, statement);
        break;
      case 'group':
        dropGroups(context, statement);
        break;
    }
    return { tag: `DROP ${statement.objectKind.toUpperCase()}` };
  },
});
