/** Policies of row-level security: which rows of a relation a user sees. */
import { duplicateRlsPolicy, undefinedRlsPolicy } from '../../../common/errors/policy-errors.ts';
import type { RlsPolicyObject } from '../objects.ts';
import type { ObjectClass } from './define.ts';

export const rlsPolicy: ObjectClass<RlsPolicyObject> = {
  kinds: { 'rls policy': {} },
  noun: 'RLS policy',
  uniqueIn: 'database',
  catalog: { name: 'svv_rls_policy', oid: 1_260_003 },
  owned: false,
  duplicate: duplicateRlsPolicy,
  missing: undefinedRlsPolicy,
};
