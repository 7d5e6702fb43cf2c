/**
 * The catalogue's errors of roles, grants and the policies of row-level security and masking.
 */
import { make } from './make-error.ts';

export const duplicateRole = make('42710', (name) => `role "${name}" already exists`);
export const undefinedRole = make('42704', (name) => `role "${name}" does not exist`);
export const systemRoleFixed = make('42501', (name) => `system role "${name}" cannot be altered or dropped`);
export const roleOnUser = make('2BP01', () => 'cannot drop this role since it has been granted on a user');
export const roleOnRole = make('2BP01', () => 'cannot drop this role since it depends on another role');
export const roleHasPrivileges = make(
  '2BP01',
  (role) => `role "${role}" can't be dropped because the role has a privilege on some object`,
);
export const circularRoles = make(
  '0LP01',
  () => 'cannot grant this role, a circular dependency was detected between these roles',
);
export const mustHaveAdmin = make('42501', (role) => `must have admin option on role "${role}"`);
export const notToRoles = make('0LP01', (what) => `${what} can only be granted to users and roles`);
export const onlyToRoles = make('0LP01', () => 'system privileges can only be granted to roles');
export const unknownSystemPrivilege = make('0A000', (word) => `system privilege ${word} is not supported`);
export const grantOptionTo = make('0LP01', () => 'grant options can only be granted to individual users');
export const dependentPrivileges = make(
  '2BP01',
  () => 'dependent privileges exist',
  'Revoke the privileges that were given on with the grant option first.',
);
export const undefinedDefaultPrivileges = make('42704', (name) => `default privileges ${name} do not exist`);
export const roleNotAssumable = make(
  '42501',
  (user, arn, command) => `User ${user} does not have ASSUMEROLE permission on IAM role "${arn}" for ${command}`,
);
export const undefinedLanguage = make('42704', (name) => `language "${name}" does not exist`);
export const duplicateLanguage = make('42710', (name) => `language "${name}" already exists`);
