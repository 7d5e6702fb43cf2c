/**
 * The catalogue's errors of the policies of row-level security and masking.
 */
import { make } from './make-error.ts';

export const duplicateRlsPolicy = make('42710', (name) => `RLS policy "${name}" already exists`);
export const undefinedRlsPolicy = make('42704', (name) => `RLS policy "${name}" does not exist`);
export const duplicateMaskingPolicy = make('42710', (name) => `masking policy "${name}" already exists`);
export const undefinedMaskingPolicy = make('42704', (name) => `masking policy "${name}" does not exist`);
export const mustBeSecurityAdmin = make(
  '42501',
  (what) => `must be superuser or have the role sys:secadmin to ${what}`,
);
export const rlsNotRewritten = make('0A000', () => 'RLS policy could not be rewritten.');
export const policyAttached = make(
  '2BP01',
  (policy, relation) => `cannot drop ${policy} because it is attached to ${relation}`,
  'Detach the policy first.',
);
export const policyReadsColumn = make(
  '2BP01',
  (column, relation, policy) => `column "${column}" of relation "${relation}" is used by ${policy}`,
  'Detach the policy first.',
);
export const policyColumnMissing = make(
  '42703',
  (column, relation, policy) => `column "${column}" of policy "${policy}" does not exist in relation "${relation}"`,
);
export const policyColumnType = make(
  '42804',
  (column, relation, type, wanted) =>
    `column "${column}" of relation "${relation}" is of type ${type} but the policy is made for type ${wanted}`,
);
export const policyAlias = make(
  '0A000',
  (relation) => `all RLS policies attached to relation "${relation}" must have the same alias`,
);
export const policyReads = make('0A000', (what) => `${what} is not supported in a policy`);
export const policyTwice = make(
  '42710',
  (policy, relation, grantee) => `policy "${policy}" is already attached to relation "${relation}" for ${grantee}`,
);
export const policyNotAttached = make(
  '42704',
  (policy, relation, grantee) => `policy "${policy}" is not attached to relation "${relation}" for ${grantee}`,
);
export const maskingPriorityTaken = make(
  '42710',
  (column, priority) => `a masking policy with priority ${priority} is already attached to column "${column}"`,
);
export const maskingColumnCount = make(
  '42601',
  (policy, what, wanted, given) => `masking policy "${policy}" has ${wanted} ${what}, but ${given} are given`,
);
export const policyOn = make('42809', (name) => `policies cannot be attached to "${name}"`);
export const protectedForView = make(
  '42501',
  (name) =>
    `materialized view cannot read relation "${name}", which is protected by policies that apply to its maker`,
);
