/**
 * Where a new relation goes: the schema of its name, the first of the search path or the session's temporary one. The schema
 * and whoever will own the relation stay to the end of the transaction.
 */
import {
  noSchemaSelected,
  permissionDenied,
  temporaryInSchema,
  undefinedSchema,
} from '../../common/errors/catalogue.ts';
import type { QualifiedName } from '../parser/ast.ts';
import { putObject } from './changes.ts';
import { currentUser, lockUses } from './lock-by-name.ts';
import { checkDatabase } from './names.ts';
import type { SchemaObject } from './objects.ts';
import { requirePrivilege } from './privileges.ts';
import type { SystemPrivilege } from './system-privilege-names.ts';
import { hasSystemPrivilege } from './system-privileges.ts';
import type { CatalogSession, CatalogTransaction } from './scope.ts';

/** The session's temporary schema, made with the first temporary relation. */
export function temporarySchema(
  session: CatalogSession,
  transaction: CatalogTransaction,
  nextOid: () => number,
): SchemaObject {
  const known = transaction.catalog().schema(session.temporarySchema);
  if (known !== undefined) return known;
  const schema: SchemaObject = {
    kind: 'schema',
    oid: nextOid(),
    name: session.temporarySchema,
    ownerOid: session.user.oid,
    acl: [],
    temporaryOf: session.pid,
  };
  putObject(transaction, schema);
  return schema;
}

export interface CreationTarget {
  readonly schema: SchemaObject;
  readonly name: string;
  readonly temporary: boolean;
}

function findTarget(
  session: CatalogSession,
  transaction: CatalogTransaction,
  name: QualifiedName,
  temporary: boolean,
  nextOid: () => number,
  creates: SystemPrivilege | undefined,
): CreationTarget {
  const catalog = transaction.catalog();
  checkDatabase(catalog, name);
  if (temporary || name.name.startsWith('#') || name.schema === session.temporarySchema) {
    if (name.schema !== undefined && name.schema !== session.temporarySchema && name.schema !== 'pg_temp')
      throw temporaryInSchema(name.pos + 1);
    const { database } = catalog;
    requirePrivilege(catalog, session.user, database, 'T');
    return { schema: temporarySchema(session, transaction, nextOid), name: name.name, temporary: true };
  }
  let schema: SchemaObject | undefined;
  if (name.schema !== undefined) {
    schema = catalog.schema(name.schema);
    if (schema === undefined) throw undefinedSchema(name.schema, name.pos + 1);
  } else {
    for (const path of session.searchPath()) {
      if (path === session.temporarySchema || path === 'pg_catalog') continue;
      schema ??= catalog.schema(path);
    }
    if (schema === undefined) throw noSchemaSelected();
  }
  if (schema.name === 'pg_catalog') throw permissionDenied('schema', schema.name, name.pos + 1);
  const may = creates !== undefined && hasSystemPrivilege(catalog, session.user, creates);
  if (!may) requirePrivilege(catalog, session.user, schema, 'C');
  return { schema, name: name.name, temporary: false };
}

/**
 * The schema a new object goes to, with the right to create there checked; the system privilege `creates` is one. `#name` is
 * temporary.
 */
export const creationTarget = (
  session: CatalogSession,
  transaction: CatalogTransaction,
  name: QualifiedName,
  temporary: boolean,
  nextOid: () => number,
  creates?: SystemPrivilege,
): Promise<CreationTarget> =>
  lockUses(transaction, () => {
    const owner = currentUser(session, transaction);
    const value = findTarget(session, transaction, name, temporary, nextOid, creates);
    return { value, names: [owner, value.schema] };
  });
