/** ALTER TABLE and ALTER MATERIALIZED VIEW ... ROW LEVEL SECURITY {ON | OFF} [CONJUNCTION TYPE {AND | OR}]. */
import { putObject } from '../catalog/changes.ts';
import { lockRelation } from '../catalog/lock-by-name.ts';
import { policyOn } from '../../common/errors/policy-errors.ts';
import { requirePolicyAdmin } from '../ddl/policies.ts';
import { recorded } from './recorded-command.ts';

export default recorded('ddl', {
  kind: 'row-level-security',
  doc: 'ALTER TABLE ... ROW LEVEL SECURITY',
  async run({ session, transaction }, { name, on, conjunction, materialized }) {
    transaction.requireXid();
    requirePolicyAdmin(transaction.catalog(), session.user, 'turn row-level security on or off');
    const relation = await lockRelation(session, transaction, name, 'AccessExclusiveLock');
    const temporary = relation.kind === 'table' && relation.temporary;
    if (temporary || (materialized && relation.kind !== 'materialized view')) throw policyOn(relation.name);
    const old = relation.rowSecurity ?? { on: false, conjunction: 'and', policies: [] };
    putObject(transaction, {
      ...relation,
      rowSecurity: { ...old, on, conjunction: conjunction ?? (on ? 'and' : old.conjunction) },
    });
    return { tag: materialized ? 'ALTER MATERIALIZED VIEW' : 'ALTER TABLE' };
  },
});
