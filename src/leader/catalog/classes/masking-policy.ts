/** Masking policies: what users see in the place of values of columns. */
import { duplicateMaskingPolicy, undefinedMaskingPolicy } from '../../../common/errors/policy-errors.ts';
import type { MaskingPolicyObject } from '../objects.ts';
import type { ObjectClass } from './define.ts';

export const maskingPolicy: ObjectClass<MaskingPolicyObject> = {
  kinds: { 'masking policy': {} },
  noun: 'masking policy',
  uniqueIn: 'database',
  catalog: { name: 'svv_masking_policy', oid: 1_260_004 },
  owned: false,
  duplicate: duplicateMaskingPolicy,
  missing: undefinedMaskingPolicy,
};
