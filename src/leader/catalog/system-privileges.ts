/**
 * System privileges: what a role lets its members do whatever the object, and the roles that every warehouse has. Granted
 * to roles alone; superusers have all of them.
 */
import { permissionDenied } from '../../common/errors/catalogue.ts';
import { identitiesOf, roleGrantee } from './grantees.ts';
import type { CatalogSnapshot, RoleObject, UserObject } from './objects.ts';
import { SYSTEM_PRIVILEGES, type SystemPrivilege } from './system-privilege-names.ts';

const READING: readonly SystemPrivilege[] = ['ACCESS CATALOG', 'ACCESS SYSTEM TABLE'];
const ROLES: readonly { readonly name: string; readonly system: readonly SystemPrivilege[]; readonly of?: string }[] =
  [
    { name: 'sys:monitor', system: READING },
    { name: 'sys:operator', system: [...READING, 'ANALYZE', 'VACUUM', 'CANCEL'] },
    {
      name: 'sys:dba',
      of: 'sys:operator',
      system: [
        'CREATE SCHEMA',
        'DROP SCHEMA',
        'CREATE TABLE',
        'DROP TABLE',
        'TRUNCATE TABLE',
        'CREATE OR REPLACE PROCEDURE',
        'DROP PROCEDURE',
        'CREATE OR REPLACE FUNCTION',
        'CREATE OR REPLACE EXTERNAL FUNCTION',
        'CREATE OR REPLACE VIEW',
        'DROP VIEW',
      ],
    },
    { name: 'sys:superuser', system: SYSTEM_PRIVILEGES },
    {
      name: 'sys:secadmin',
      system: [
        'CREATE USER',
        'ALTER USER',
        'DROP USER',
        'CREATE ROLE',
        'DROP ROLE',
        'IGNORE RLS',
        'EXPLAIN RLS',
        'EXPLAIN MASKING',
      ],
    },
  ];
const FIRST_SYSTEM_ROLE = 101;
const SECADMIN = 'sys:secadmin';

export const isSystemRole = (name: string): boolean => name.startsWith('sys:');

/** The roles of a new warehouse, `owner`'s. */
export function systemRoles(owner: number): readonly RoleObject[] {
  const oidOf = (name: string): number => FIRST_SYSTEM_ROLE + ROLES.findIndex((role) => role.name === name);
  return ROLES.map(({ name, system }) => ({
    kind: 'role',
    oid: oidOf(name),
    name,
    ownerOid: owner,
    system,
    members: ROLES.filter(({ of }) => of === name).map((heir) => ({
      grantee: roleGrantee(oidOf(heir.name)),
      grantor: owner,
      admin: false,
    })),
  }));
}

type Who = Pick<UserObject, 'oid' | 'superuser'>;

export function hasSystemPrivilege(catalog: CatalogSnapshot, user: Who, privilege: SystemPrivilege): boolean {
  if (user.superuser) return true;
  const identities = identitiesOf(catalog, user.oid);
  return catalog
    .objects('role')
    .some((role) => role.system.includes(privilege) && identities.has(roleGrantee(role.oid)));
}

/** Who may manage the policies of row-level security and masking: superusers and members of sys:secadmin. */
export function isSecurityAdmin(catalog: CatalogSnapshot, user: Who): boolean {
  const role = catalog.named('role', SECADMIN);
  return user.superuser || (role !== undefined && identitiesOf(catalog, user.oid).has(roleGrantee(role.oid)));
}
export function requireSecurityAdmin(catalog: CatalogSnapshot, user: Who, what: string): void {
  if (!isSecurityAdmin(catalog, user)) throw permissionDenied('security administration', what);
}
