/** Groups of users. */
import { duplicateGroup, undefinedGroup } from '../../../common/errors/catalogue.ts';
import type { GroupObject } from '../objects.ts';
import type { ObjectClass } from './define.ts';

export const group: ObjectClass<GroupObject> = {
  kinds: { group: {} },
  noun: 'group',
  uniqueIn: 'cluster',
  catalog: { name: 'pg_group', oid: 1261 },
  owned: false,
  duplicate: duplicateGroup,
  missing: undefinedGroup,
};
