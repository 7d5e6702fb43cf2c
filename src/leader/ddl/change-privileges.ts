/**
 * GRANT and REVOKE: both find the objects and grantees in the same way and differ in what they do to the ACL.
 */
import {
  featureNotSupported,
  undefinedDatabase,
  undefinedGroup,
  undefinedSchema,
  undefinedUser,
} from '../../common/errors/catalogue.ts';
import type { Statement } from '../parser/ast.ts';
import type { DdlContext } from './context.ts';
import { lockResolved } from '../catalog/lock-by-name.ts';
import { requireRelation } from '../catalog/names.ts';
import type { AclEntry, CatalogSnapshot, RelationObject } from '../catalog/objects.ts';
import { databaseAcl, grant, privilegeLetters, requireOwner, revoke } from '../catalog/privileges.ts';

type GrantOrRevoke = Extract<Statement, { kind: 'grant' | 'revoke' }>;

function granteeOids(catalog: CatalogSnapshot, statement: GrantOrRevoke): readonly number[] {
  return statement.grantees.map(({ kind, name }) => {
    if (kind === 'public') return 0;
    if (kind === 'user') {
      const user = catalog.user(name);
      if (user === undefined) throw undefinedUser(name);
      return user.oid;
    }
    const group = catalog.groups().find((g) => g.name === name);
    if (group === undefined) throw undefinedGroup(name);
    return -group.oid;
  });
}

function relationsOf(context: DdlContext, statement: GrantOrRevoke): readonly RelationObject[] {
  const catalog = context.transaction.catalog();
  if (!statement.all) {
    return statement.names.map((n) => requireRelation(catalog, context.session.searchPath(), n));
  }
  return statement.names.flatMap(({ name }) => {
    const schema = catalog.schema(name);
    if (schema === undefined) throw undefinedSchema(name);
    return catalog.relations().filter((r) => r.schemaOid === schema.oid);
  });
}

/** Gives (or takes) the statement's privileges. `all` means ALL TABLES IN SCHEMA names. */
export async function changePrivileges(context: DdlContext, statement: GrantOrRevoke, give: boolean): Promise<void> {
  const { session, transaction } = context;
  if (statement.grantOption === true) throw featureNotSupported('GRANT OPTION is not supported');
  if (statement.objectKind === 'database' && statement.privileges.includes('usage')) {
    throw featureNotSupported('USAGE is granted on databases of a datashare only, and there are no datashares');
  }
  transaction.requireXid();
  const catalog = transaction.catalog();
  const { database } = transaction;
  const words = statement.privileges.length === 0 ? ['ALL'] : statement.privileges;
  const letters = privilegeLetters(statement.objectKind, words);
  const grantees = granteeOids(catalog, statement);
  const change = (acl: readonly AclEntry[]): readonly AclEntry[] =>
    grantees.reduce(
      (now, oid) => (give ? grant(now, oid, session.user.oid, letters) : revoke(now, oid, letters)),
      acl,
    );
  if (statement.objectKind === 'table') {
    // Locked against concurrent DDL, which would put back the ACL it read.
    const relations = await lockResolved(transaction, () => {
      const value = relationsOf(context, statement);
      for (const relation of value) requireOwner(session.user, 'relation', relation);
      return { value, locks: new Map(value.map((r) => [r.oid, 'ShareRowExclusiveLock' as const])) };
    });
    for (const { oid } of relations) {
      // The statement may name one relation twice.
      const relation = transaction.catalog().relationByOid(oid)!;
      transaction.changeCatalog({
        kind: 'put-relation',
        database,
        relation: { ...relation, acl: change(relation.acl) },
      });
    }
    return;
  }
  for (const { name } of statement.names) {
    if (statement.objectKind === 'schema') {
      const schema = catalog.schema(name);
      if (schema === undefined) throw undefinedSchema(name);
      requireOwner(session.user, 'schema', schema);
      transaction.changeCatalog({
        kind: 'put-schema',
        database,
        schema: { ...schema, acl: change(schema.acl) },
      });
    } else {
      const object = catalog.databases().find((d) => d.name === name);
      if (object === undefined) throw undefinedDatabase(name);
      requireOwner(session.user, 'database', object);
      transaction.changeCatalog({
        kind: 'put-database',
        object: { ...object, acl: change(databaseAcl(object)) },
      });
    }
  }
}
