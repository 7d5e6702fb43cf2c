/** CREATE RLS POLICY and CREATE MASKING POLICY, by superusers and members of sys:secadmin. */
import { OBJECT_CLASSES } from '../catalog/classes/index.ts';
import { putObject } from '../catalog/changes.ts';
import { lockResolved, locksOn } from '../catalog/lock-by-name.ts';
import { checkPolicy, policyColumns, requirePolicyAdmin } from '../ddl/policies.ts';
import { info, recorded } from './recorded-command.ts';

export default recorded('ddl', {
  kind: 'create-policy',
  doc: 'CREATE RLS POLICY, CREATE MASKING POLICY',
  async run(context, statement) {
    const { services, session, transaction } = context;
    const { of, name, alias, using } = statement;
    transaction.requireXid();
    const what = of === 'rls' ? 'RLS POLICY' : 'MASKING POLICY';
    const tag = `CREATE ${what}`;
    requirePolicyAdmin(transaction.catalog(), session.user, `create policies`);
    const cls = of === 'rls' ? 'rls-policy' : 'masking-policy';
    if (transaction.catalog().named<'rls-policy' | 'masking-policy'>(cls, name) !== undefined) {
      if (!statement.ifNotExists) throw OBJECT_CLASSES[cls].duplicate(name);
      context.notice(info(`${OBJECT_CLASSES[cls].noun} "${name}" already exists and will be skipped`));
      return { tag };
    }
    const columns = policyColumns(statement.columns);
    const dependsOn = await checkPolicy(context, { of, columns, alias, using: using.text });
    // What it reads stays.
    await lockResolved(transaction, () => {
      const read = dependsOn.flatMap((r) => transaction.catalog().object(r.class, r.oid) ?? []);
      return { value: undefined, locks: locksOn(transaction, read, 'AccessShareLock') };
    });
    const common = {
      oid: services.transactions.nextOid(),
      name,
      columns,
      using: using.text,
      searchPath: session.searchPath().filter((path) => path !== session.temporarySchema),
      modifiedBy: session.user.oid,
      modifiedAtMicros: services.clock.nowMicros(),
      dependsOn,
    };
    if (of === 'rls') {
      putObject(transaction, { kind: 'rls policy', ...common, ...(alias === undefined ? {} : { alias }) });
    } else putObject(transaction, { kind: 'masking policy', ...common, outputs: using.items });
    return { tag };
  },
});
