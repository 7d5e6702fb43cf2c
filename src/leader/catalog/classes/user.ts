/** Users of the cluster. */
import { duplicateUser, undefinedUser } from '../../../common/errors/catalogue.ts';
import type { UserObject } from '../objects.ts';
import type { ObjectClass } from './define.ts';

export const user: ObjectClass<UserObject> = {
  kinds: { user: {} },
  noun: 'user',
  uniqueIn: 'cluster',
  catalog: { name: 'pg_shadow', oid: 1260 },
  owned: false,
  duplicate: duplicateUser,
  missing: undefinedUser,
};
