/**
 * GRANT and REVOKE of roles, to users and to other roles, and of system privileges to roles. A role is never a member of
 * itself, however many roles lie between.
 */
import {
  circularRoles,
  grantOptionTo,
  mustHaveAdmin,
  notToRoles,
  onlyToRoles,
  systemRoleFixed,
  unknownSystemPrivilege,
} from '../../common/errors/privilege-errors.ts';
import { mustBeSuperuser } from '../../common/errors/catalogue.ts';
import { putObject } from '../catalog/changes.ts';
import { granteeOf, identitiesOf, roleGrantee } from '../catalog/grantees.ts';
import { lockUses } from '../catalog/lock-by-name.ts';
import { requireNamed } from '../catalog/names.ts';
import type { CatalogSnapshot, RoleMember, RoleObject, UserObject } from '../catalog/objects.ts';
import { isOwner } from '../catalog/privileges.ts';
import { SYSTEM_PRIVILEGES, type SystemPrivilege } from '../catalog/system-privilege-names.ts';
import { isSecurityAdmin, isSystemRole } from '../catalog/system-privileges.ts';
import type { Given, GrantOrRevoke } from '../parser/statements/grant.ts';
import type { DdlContext } from './context.ts';

type Of<K extends Given['kind']> = Extract<Given, { kind: K }>;

/** The role's owner, superusers, security administrators, and members with the admin option may give it and take it. */
export function requireAdminOf(catalog: CatalogSnapshot, user: UserObject, role: RoleObject): void {
  if (isOwner(user, role) || isSecurityAdmin(catalog, user)) return;
  const isAdmin = role.members.some((m) => m.admin && m.grantee === user.oid);
  if (!isAdmin) throw mustHaveAdmin(role.name);
}

function withMember(role: RoleObject, member: RoleMember): RoleObject {
  const old = role.members.find((m) => m.grantee === member.grantee);
  if (old === undefined) return { ...role, members: [...role.members, member] };
  const merged = { ...old, admin: old.admin || member.admin };
  return { ...role, members: role.members.map((m) => (m === old ? merged : m)) };
}
function withoutMember(role: RoleObject, grantee: number, optionOnly: boolean): RoleObject {
  const members = role.members.flatMap((m) => {
    if (m.grantee !== grantee) return [m];
    return optionOnly ? [{ ...m, admin: false }] : [];
  });
  return { ...role, members };
}

export async function changeRoles(
  { session, transaction }: DdlContext,
  { names }: Of<'roles'>,
  statement: GrantOrRevoke,
): Promise<void> {
  const { roles, grantees } = await lockUses(transaction, () => {
    const catalog = transaction.catalog();
    const given = names.map((name) => requireNamed(catalog, 'role', name));
    for (const role of given) requireAdminOf(catalog, session.user, role);
    const to = statement.grantees.map(({ kind, name, option }) => {
      if (kind !== 'user' && kind !== 'role') throw notToRoles('a role');
      if (kind === 'role' && option === true) throw grantOptionTo();
      return { object: requireNamed<'user' | 'role'>(catalog, kind, name), option };
    });
    return { value: { roles: given, grantees: to }, changes: given, names: to.map((g) => g.object) };
  });
  for (const { oid } of roles) {
    for (const { object, option } of grantees) {
      const catalog = transaction.catalog();
      const role = catalog.object('role', oid)!;
      const grantee = granteeOf(object);
      if (statement.kind === 'revoke') {
        putObject(transaction, withoutMember(role, grantee, statement.optionOnly === true));
        continue;
      }
      // The grantee would be given itself.
      if (identitiesOf(catalog, roleGrantee(oid)).has(grantee)) throw circularRoles();
      putObject(transaction, withMember(role, { grantee, grantor: session.user.oid, admin: option === true }));
    }
  }
}

export async function changeSystemPrivileges(
  { session, transaction }: DdlContext,
  { privileges }: Of<'system'>,
  statement: GrantOrRevoke,
): Promise<void> {
  if (!session.user.superuser) throw mustBeSuperuser('grant system privileges');
  const words = privileges.map((word) => {
    const known = SYSTEM_PRIVILEGES.find((p) => p === word);
    if (known === undefined) throw unknownSystemPrivilege(word);
    return known;
  });
  const roles = await lockUses(transaction, () => {
    const found = statement.grantees.map(({ kind, name }) => {
      if (kind !== 'role') throw onlyToRoles();
      if (isSystemRole(name)) throw systemRoleFixed(name);
      return requireNamed(transaction.catalog(), 'role', name);
    });
    return { value: found, changes: found };
  });
  for (const { oid } of roles) {
    const role = transaction.catalog().object('role', oid)!;
    const others = role.system.filter((p) => !words.includes(p));
    const system: readonly SystemPrivilege[] = statement.kind === 'grant' ? [...others, ...new Set(words)] : others;
    putObject(transaction, { ...role, system });
  }
}
