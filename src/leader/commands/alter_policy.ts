/** ALTER RLS POLICY and ALTER MASKING POLICY: another expression over the same columns. */
import { putObject } from '../catalog/changes.ts';
import { lockUses } from '../catalog/lock-by-name.ts';
import { requireNamed } from '../catalog/names.ts';
import { maskingColumnCount } from '../../common/errors/policy-errors.ts';
import { checkPolicy, requirePolicyAdmin } from '../ddl/policies.ts';
import { recorded } from './recorded-command.ts';

export default recorded('ddl', {
  kind: 'alter-policy',
  doc: 'ALTER RLS POLICY, ALTER MASKING POLICY',
  async run(context, { of, name, using }) {
    const { services, session, transaction } = context;
    transaction.requireXid();
    requirePolicyAdmin(transaction.catalog(), session.user, 'alter policies');
    const cls = of === 'rls' ? 'rls-policy' : 'masking-policy';
    const policy = await lockUses(transaction, () => {
      const found = requireNamed<'rls-policy' | 'masking-policy'>(transaction.catalog(), cls, name);
      return { value: found, changes: [found] };
    });
    if (policy.kind === 'masking policy' && policy.outputs !== using.items)
      throw maskingColumnCount(name, 'expressions', String(policy.outputs), String(using.items));
    const alias = policy.kind === 'rls policy' ? policy.alias : undefined;
    const dependsOn = await checkPolicy(context, { of, columns: policy.columns, alias, using: using.text });
    const modified = { modifiedBy: session.user.oid, modifiedAtMicros: services.clock.nowMicros() };
    putObject(transaction, { ...policy, using: using.text, dependsOn, ...modified });
    return { tag: of === 'rls' ? 'ALTER RLS POLICY' : 'ALTER MASKING POLICY' };
  },
});
