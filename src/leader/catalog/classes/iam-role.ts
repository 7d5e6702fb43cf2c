/** IAM roles on which ASSUMEROLE was granted or revoked; 'all' stands for every role, 'default' for the default one. */
import { duplicateRole, undefinedRole } from '../../../common/errors/privilege-errors.ts';
import type { IamRoleObject } from '../objects.ts';
import type { ObjectClass } from './define.ts';

export const iamRole: ObjectClass<IamRoleObject> = {
  kinds: { 'iam role': {} },
  noun: 'IAM role',
  uniqueIn: 'cluster',
  catalog: { name: 'svv_iam_privileges', oid: 1_260_002 },
  owned: true,
  privileges: {
    on: 'assumerole',
    letters: { COPY: 'c', UNLOAD: 'u', 'EXTERNAL FUNCTION': 'f', 'CREATE MODEL': 'm' },
    initial: ({ name, ownerOid = 0 }) =>
      name === 'all' ? [{ grantee: 0, grantor: ownerOid, privileges: 'cufm' }] : [],
  },
  duplicate: duplicateRole,
  missing: undefinedRole,
};
