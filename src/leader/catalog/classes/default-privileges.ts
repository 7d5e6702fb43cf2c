/**
 * Default privileges: what ALTER DEFAULT PRIVILEGES gives on tables, functions and procedures that a user will make, in all
 * schemas or in one. The entry for all schemas stands in place of what the class gives, one schema's is added to that.
 */
import { undefinedDefaultPrivileges } from '../../../common/errors/privilege-errors.ts';
import type { DefaultPrivilegesObject } from '../objects.ts';
import type { ObjectClass } from './define.ts';

export const defaultPrivileges: ObjectClass<DefaultPrivilegesObject> = {
  kinds: { 'default privileges': {} },
  noun: 'default privileges',
  uniqueIn: 'database',
  catalog: { name: 'pg_default_acl', oid: 826 },
  owned: true,
  duplicate: undefinedDefaultPrivileges,
  missing: undefinedDefaultPrivileges,
  belongsTo: ({ inSchema }) => (inSchema === undefined ? undefined : { class: 'schema', oid: inSchema }),
};
