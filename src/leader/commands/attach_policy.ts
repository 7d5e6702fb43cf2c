/** ATTACH RLS POLICY and ATTACH MASKING POLICY, by superusers and members of sys:secadmin. */
import { attachOrDetach } from '../ddl/attach-policies.ts';
import type { PolicyStatement } from '../parser/statements/policy.ts';
import { recorded } from './recorded-command.ts';

type Attach = Extract<PolicyStatement, { kind: 'attach-policy' | 'detach-policy' }>;

export default recorded<'attach-policy' | 'detach-policy'>('ddl', {
  kind: 'attach-policy',
  doc: 'ATTACH RLS POLICY, ATTACH MASKING POLICY',
  async run(context, statement) {
    await attachOrDetach(context, statement as Attach);
    return { tag: statement.of === 'rls' ? 'ATTACH RLS POLICY' : 'ATTACH MASKING POLICY' };
  },
});
