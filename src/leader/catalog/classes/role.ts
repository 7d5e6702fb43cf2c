/** Roles: privileges that users and other roles are given together. */
import { duplicateRole, undefinedRole } from '../../../common/errors/privilege-errors.ts';
import type { RoleObject } from '../objects.ts';
import type { ObjectClass } from './define.ts';

export const role: ObjectClass<RoleObject> = {
  kinds: { role: {} },
  noun: 'role',
  uniqueIn: 'cluster',
  catalog: { name: 'svv_roles', oid: 1260_001 },
  owned: true,
  duplicate: duplicateRole,
  missing: undefinedRole,
};
