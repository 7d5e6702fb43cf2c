/**
 * GRANT and REVOKE: both find the objects and grantees in the same way and differ in what they do to the ACL.
 */
import { assert } from '../../common/assert.ts';
import { featureNotSupported } from '../../common/errors/catalogue.ts';
import type { Statement } from '../parser/ast.ts';
import type { DdlContext } from './context.ts';
import { putObject } from '../catalog/changes.ts';
import { CLASS_NAMES, classOf, OBJECT_CLASSES } from '../catalog/classes/index.ts';
import { lockUses } from '../catalog/lock-by-name.ts';
import { requireNamed, requireObject } from '../catalog/names.ts';
import type {
  AclEntry,
  CatalogObject,
  CatalogSnapshot,
  ClassName,
  GroupObject,
  UserObject,
} from '../catalog/objects.ts';
import { aclOf, grant, privilegeLetters, requireOwner, revoke } from '../catalog/privileges.ts';

type GrantOrRevoke = Extract<Statement, { kind: 'grant' | 'revoke' }>;

/** Users and groups; undefined stands for PUBLIC. */
const granteesOf = (
  catalog: CatalogSnapshot,
  statement: GrantOrRevoke,
): readonly (UserObject | GroupObject | undefined)[] =>
  statement.grantees.map(({ kind, name }) => (kind === 'public' ? undefined : requireNamed(catalog, kind, name)));
const granteeOid = (grantee: UserObject | GroupObject | undefined): number => {
  if (grantee === undefined) return 0;
  return grantee.kind === 'group' ? -grantee.oid : grantee.oid;
};

/** The objects the statement names, all of them the user's. */
function objectsOf(
  { session, transaction }: DdlContext,
  of: ClassName,
  statement: GrantOrRevoke,
): readonly CatalogObject[] {
  const catalog = transaction.catalog();
  const found: readonly CatalogObject[] = statement.all
    ? statement.names.flatMap(({ name }) =>
        catalog.contents(requireNamed(catalog, 'schema', name).oid).filter((object) => classOf(object) === of),
      )
    : statement.names.map((name) => requireObject<ClassName>(catalog, session.searchPath(), of, name));
  for (const object of found) requireOwner(session.user, object);
  return found;
}

/** Gives (or takes) the statement's privileges. `all` means ALL TABLES IN SCHEMA names. */
export async function changePrivileges(context: DdlContext, statement: GrantOrRevoke, give: boolean): Promise<void> {
  const { session, transaction } = context;
  if (statement.grantOption === true) throw featureNotSupported('GRANT OPTION is not supported');
  transaction.requireXid();
  const of = CLASS_NAMES.find((name) => OBJECT_CLASSES[name].privileges?.on === statement.objectKind);
  assert(of !== undefined, `a class has privileges on a ${statement.objectKind}`);
  const words = statement.privileges.length === 0 ? ['ALL'] : statement.privileges;
  const letters = privilegeLetters(of, words);
  // Locked against concurrent DDL, which would put back the ACL it read.
  const { objects, grantees } = await lockUses(transaction, () => {
    const named = granteesOf(transaction.catalog(), statement);
    const changes = objectsOf(context, of, statement);
    const value = { objects: changes, grantees: named.map(granteeOid) };
    return { value, changes, names: named.filter((grantee) => grantee !== undefined) };
  });
  const change = (acl: readonly AclEntry[]): readonly AclEntry[] =>
    grantees.reduce(
      (now, oid) => (give ? grant(now, oid, session.user.oid, letters) : revoke(now, oid, letters)),
      acl,
    );
  for (const { oid } of objects) {
    // The statement may name one object twice.
    const object = transaction.catalog().object<ClassName>(of, oid)!;
    putObject(transaction, { ...object, acl: change(aclOf(object)) });
  }
}
